// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.settings;

import java.util.Optional;

/**
 * A settings record refuses a value. The reader of the YAML turns it into an error with file, line and column.
 *
 * <p>The message is one clause in the form "must be 1 to 65535, was 70000" and never contains a secret.
 */
public final class InvalidSettingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String key;

    /** The value as a whole is wrong. */
    public InvalidSettingException(String message) {
        this("", message);
    }

    /**
     * One key of the record is wrong.
     *
     * @param key as written in the YAML, for instance {@code max-packet-size}
     */
    public InvalidSettingException(String key, String message) {
        super(message);
        this.key = key;
    }

    /** The key at fault within the record, when it is one key. */
    public Optional<String> key() {
        return key.isEmpty() ? Optional.empty() : Optional.of(key);
    }
}

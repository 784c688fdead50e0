// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/** The {@code admin.audit} of the YAML. */
@Description(
        "Where changes made over the admin port are recorded, one line of JSON each. What cannot be recorded is not"
                + " changed.")
public record AuditSettings(
        @Description(
                "The file, made readable by its owner only. Left out, `audit.jsonl` in `store.directory`, which the"
                        + " gateway may surely write to, and which outlives containers.")
        @Nullable String file,

        @Description("When the file would become larger, it is renamed to `FILE.1`, that one to `FILE.2` and so on, and"
                + " a new one begun. 64KiB to 1GiB.")
        @DefaultValue("10MiB")
        ByteSize maxSize,

        @Description("How many older files are kept. 1 to 100.") @DefaultValue("5")
        int keep) {

    private static final long SMALLEST = 64L << 10;
    private static final long LARGEST = 1L << 30;
    private static final int MOST_KEPT = 100;

    public AuditSettings {
        if (file != null && file.isBlank()) {
            throw new InvalidSettingException("file", "must name a file");
        }
        if (maxSize.bytes() < SMALLEST || maxSize.bytes() > LARGEST) {
            throw new InvalidSettingException("max-size", "must be 64KiB to 1GiB, was " + maxSize);
        }
        if (keep < 1 || keep > MOST_KEPT) {
            throw new InvalidSettingException("keep", "must be 1 to " + MOST_KEPT + ", was " + keep);
        }
    }
}

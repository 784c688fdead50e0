// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;

/** The {@code dead-letters:} of the file. */
@Description(
        "How many messages that could not be delivered are kept. When there is no room for another, the route it belongs"
                + " to stops until there is.")
public record DeadLetterSettings(
        @Description("Messages kept. At least 1.") @DefaultValue("1000000")
        long maxMessages,

        @Description("Bytes kept: payloads, Topic Names and 128 for each message. At least 64KiB.")
        @DefaultValue("1GiB")
        ByteSize maxBytes) {

    private static final long LEAST_BYTES = 64 * 1024;

    public DeadLetterSettings {
        if (maxMessages < 1) {
            throw new InvalidSettingException("max-messages", "must be at least 1, was " + maxMessages);
        }
        if (maxBytes.bytes() < LEAST_BYTES) {
            throw new InvalidSettingException("max-bytes", "must be at least 64KiB, was " + maxBytes);
        }
    }
}

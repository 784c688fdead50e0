// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import java.time.Duration;

/** How many messages one request carries. The key of {@code wait_} is {@code wait}, which Java does not let a component be called. */
@Description("Several messages in one request, whose order is kept: one request of the route is under way at a time.")
public record BatchSettings(
        @Description("Most messages in a request; 1 to 10000.") @DefaultValue("500")
        int max,

        @Description("How long a message waits for others at most; up to 10s.") @DefaultValue("50ms")
        Duration wait_,

        @Description("Most bytes of payload in a request; a message that is larger goes alone.") @DefaultValue("1MiB")
        ByteSize maxBytes,

        @Description("What the body is: `json-array`, an array of the messages, or `ndjson`, one message a line.")
        @DefaultValue("json-array")
        Format format) {

    private static final int MOST = 10_000;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final long LARGEST = 64L << 20;

    public BatchSettings {
        if (max < 1 || max > MOST) {
            throw new InvalidSettingException("max", "must be 1 to " + MOST + ", was " + max);
        }
        if (wait_.compareTo(LONGEST) > 0) {
            throw new InvalidSettingException("wait", "must be at most 10s, was " + wait_.toMillis() + "ms");
        }
        if (maxBytes.bytes() < 1 || maxBytes.bytes() > LARGEST) {
            throw new InvalidSettingException(
                    "max-bytes", "must be 1 to " + new ByteSize(LARGEST) + ", was " + maxBytes);
        }
    }

    /** How messages stand beside each other. */
    public enum Format {
        JSON_ARRAY("application/json"),
        NDJSON("application/x-ndjson");

        private final String contentType;

        Format(String contentType) {
            this.contentType = contentType;
        }

        String contentType() {
            return contentType;
        }
    }
}

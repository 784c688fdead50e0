// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import org.jspecify.annotations.Nullable;

/** Which partition a record goes to. Whether there is such a one is known when it is sent. */
final class PartitionChoice {
    private final @Nullable Template template;

    /** Null leaves it to Kafka, which goes by the key. */
    PartitionChoice(@Nullable Template template) {
        this.template = template;
    }

    @Nullable Integer of(Values values) throws RejectedMessageException {
        if (template == null) {
            return null;
        }
        String number = template.render(values);
        if (number == null || !isNumber(number)) {
            throw new RejectedMessageException(
                    ReasonCode.UNSPECIFIED_ERROR, "the route cannot make a partition out of this message");
        }
        return Integer.valueOf(number);
    }

    /** Whether the text is one from 0 on, in at most nine decimal digits. */
    static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}

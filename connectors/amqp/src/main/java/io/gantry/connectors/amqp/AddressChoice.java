// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which address a message goes to. Data may fill in names, but neither illegal ones nor any number of them. */
final class AddressChoice {
    static final int MOST_NAMES = 1_000;

    private final Template template;
    private final @Nullable String fixed;
    private final Set<String> made = ConcurrentHashMap.newKeySet();

    AddressChoice(Template template) {
        this.template = template;
        this.fixed = template.isFixed() ? template.toString() : null;
    }

    boolean isFixed() {
        return fixed != null;
    }

    String of(Values values) throws RejectedMessageException {
        return fixed == null ? filledIn(values) : fixed;
    }

    private String filledIn(Values values) throws RejectedMessageException {
        String address = template.render(values, Addresses::escape);
        if (address == null || !Addresses.fits(address)) {
            throw new RejectedMessageException(
                    ReasonCode.TOPIC_NAME_INVALID, "the route cannot make an AMQP address out of this message");
        }
        if (!made.contains(address)) {
            if (made.size() >= MOST_NAMES) {
                throw new RejectedMessageException(
                        ReasonCode.QUOTA_EXCEEDED, "the route has made as many AMQP addresses as it may");
            }
            made.add(address);
        }
        return address;
    }
}

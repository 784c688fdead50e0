// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import org.jspecify.annotations.Nullable;

/**
 * Which Topic Name a message gets at the broker. A value fills one level and no more, so that data cannot choose where in
 * the tree it is published; only the message's own topic may have levels, as it has them already.
 */
final class TopicChoice {
    private static final String WHOLE_TOPIC = "topic";

    private final Template template;
    private final @Nullable String fixed;

    TopicChoice(Template template) {
        this.template = template;
        this.fixed = template.isFixed() ? template.toString() : null;
    }

    String of(Values values) throws RejectedMessageException {
        return fixed == null ? filledIn(values) : fixed;
    }

    private String filledIn(Values values) throws RejectedMessageException {
        for (String name : template.names()) {
            String value = values.value(name);
            boolean mayHaveLevels = template.isOneValue() || name.equals(WHOLE_TOPIC);
            if (value == null || (!mayHaveLevels && value.indexOf('/') >= 0)) {
                throw unusable();
            }
        }
        String rendered = template.render(values);
        boolean isReserved = rendered != null
                && rendered.startsWith("$")
                && !template.toString().startsWith("$");
        if (rendered == null || isReserved || TopicName.parse(rendered).isEmpty()) {
            throw unusable();
        }
        return rendered;
    }

    private static RejectedMessageException unusable() {
        return new RejectedMessageException(
                ReasonCode.TOPIC_NAME_INVALID, "the route cannot make a Topic Name out of this message");
    }
}

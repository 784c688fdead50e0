// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.util.List;
import java.util.Map;
import org.eclipse.californium.core.coap.OptionSet;

/** Which request a message becomes: the YAML says which, the message only fills in values. */
final class RequestChoice {
    private static final RejectedMessageException NO_PATH = new RejectedMessageException(
            ReasonCode.TOPIC_NAME_INVALID,
            "the route cannot make the path or query of a CoAP request out of this message");
    private static final int MOST_BYTES = 1_024;

    private final CoapTo settings;
    private final PathTemplate path;
    private final int blockSize;

    RequestChoice(CoapTo settings, int blockSize) {
        this.settings = settings;
        this.path = PathTemplate.of(settings.path());
        this.blockSize = blockSize;
    }

    PreparedRequest of(Message message, Values values) throws RejectedMessageException {
        OptionSet options = new OptionSet();
        addPath(values, options);
        Payload body = settings.method().hasBody() ? message.payload() : Payload.EMPTY;
        if (settings.method().hasBody()) {
            addContentFormat(message, options);
        }
        Long left = MessageHeaders.expirySecondsLeft(message, System.currentTimeMillis());
        if (left != null) {
            options.setMaxAge(left);
        }
        MessageOptions.write(message, settings.properties(), options);
        return new PreparedRequest(settings.method(), isConfirmable(message, body), options, body);
    }

    private void addPath(Values values, OptionSet options) throws RejectedMessageException {
        List<String> segments = path.render(values);
        if (segments == null) {
            throw NO_PATH;
        }
        int length = 0;
        for (String segment : segments) {
            options.addUriPath(segment);
            length += segment.length();
        }
        for (Map.Entry<String, Template> parameter : settings.query().entrySet()) {
            String value = parameter.getValue().render(values, OptionText::encode);
            if (value != null) {
                String option = parameter.getKey() + "=" + value;
                if (!OptionText.fits(option)) {
                    throw NO_PATH;
                }
                options.addUriQuery(option);
                length += option.length();
            }
        }
        if (length > MOST_BYTES) {
            throw NO_PATH;
        }
    }

    private void addContentFormat(Message message, OptionSet options) {
        String type = settings.contentType() == null ? message.properties().contentType() : settings.contentType();
        Integer number = type == null ? null : ContentFormats.numberOf(type);
        if (number != null) {
            options.setContentFormat(number);
        }
    }

    /** Each block but the last is answered before the next is sent, and who waits for an answer must know of a loss. */
    private boolean isConfirmable(Message message, Payload body) {
        return switch (settings.confirmable()) {
            case ALWAYS -> true;
            case NEVER -> body.size() > blockSize;
            case BY_QOS -> message.qos() != Qos.AT_MOST_ONCE || settings.reply() || body.size() > blockSize;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.UserProperty;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers the direct methods of Azure IoT Hub, which come to {@code $iothub/methods/POST/NAME/?$rid=ID} and are answered at
 * {@code $iothub/methods/res/STATUS/?$rid=ID}. Any thread.
 */
final class DirectMethods {
    /** By which methods are read. */
    static final String FILTER = "$iothub/methods/POST/#";

    private static final Pattern REQUEST =
            Pattern.compile("\\$iothub/methods/POST/[^/]+/\\?\\$rid=([0-9A-Za-z-]{1,64})");
    private static final Pattern STATUS = Pattern.compile("[1-9][0-9]{2}");
    private static final String STATUS_PROPERTY = "status";

    private final Consumer<OutgoingMessage> publisher;

    /** For one route. */
    DirectMethods(Consumer<OutgoingMessage> publisher) {
        this.publisher = publisher;
    }

    /**
     * Tells the hub what became of a method.
     *
     * @param topic at which it came; what is no method gets no answer
     */
    void answer(String topic, Delivery delivery) {
        Matcher request = REQUEST.matcher(topic);
        if (!request.matches()) {
            return;
        }
        Answer answer = delivery instanceof Delivery.Accepted accepted ? accepted.answer() : null;
        publisher.accept(new OutgoingMessage(
                "$iothub/methods/res/" + statusOf(delivery) + "/?$rid=" + request.group(1),
                Qos.AT_MOST_ONCE,
                false,
                MessageProperties.NONE,
                answer == null ? Payload.ofText("{}") : answer.payload(),
                Long.MAX_VALUE));
    }

    private static String statusOf(Delivery delivery) {
        if (delivery instanceof Delivery.Accepted accepted) {
            Answer answer = accepted.answer();
            return answer == null ? "202" : statusOf(answer.properties().userProperties());
        }
        if (delivery instanceof Delivery.Rejected) {
            return "400";
        }
        return delivery.equals(Answer.NOT_IN_TIME) ? "504" : "503";
    }

    private static String statusOf(List<UserProperty> properties) {
        return properties.stream()
                .filter(property -> property.name().equals(STATUS_PROPERTY))
                .map(UserProperty::value)
                .filter(value -> STATUS.matcher(value).matches())
                .findFirst()
                .orElse("200");
    }
}

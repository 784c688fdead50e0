// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Message;
import io.gantry.api.Qos;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.RejectedMessageException;
import java.util.List;

/**
 * What Gantry knows of a cloud service beyond what any broker does: what it fills in, what it does not take, and how it
 * says things that MQTT has no place for. Stateless.
 */
interface BrokerKind {

    /** The version of MQTT that it speaks. */
    MqttVersion version();

    /** The highest QoS it takes; messages above are lowered to it. */
    default Qos highestQos() {
        return Qos.AT_LEAST_ONCE;
    }

    /** What it takes. */
    TopicLimits limits();

    /**
     * Refuses settings of an endpoint that contradict the service.
     *
     * @throws InvalidSettingException naming the key and the preset
     */
    void check(MqttEndpointSettings settings);

    /** As {@link #check}, of what a route wants to read. */
    default void checkFrom(MqttEndpointSettings settings, MqttFrom from) {
        checkQos("qos", from.qos(), settings);
        limits().checkFilters(from.filter(), settings);
        if (from.reply() && !answersMethods()) {
            throw new InvalidSettingException(
                    "reply", "must be false: a request of this broker is answered by its Response Topic");
        }
    }

    /** As {@link #check}, of what a route wants to send. */
    default void checkTo(MqttEndpointSettings settings, MqttTo to) {
        to.qos().fixed().ifPresent(qos -> checkQos("qos", qos, settings));
        limits().checkTemplate(to.topic(), settings);
    }

    /** Whether its requests are answered at a Topic Name that is made of theirs. */
    default boolean answersMethods() {
        return false;
    }

    /** Who the gateway is, asked before each connection. */
    default Login.Source logins(MqttEndpointSettings settings) {
        return () -> new Login(settings.username(), settings.password(), null);
    }

    /** What is offered in the TLS handshake. */
    default List<String> alpn(MqttEndpointSettings settings) {
        return settings.alpn();
    }

    /** Where a message is published, with what the service wants to be told there. */
    default String topicOf(String topic, Message message) throws RejectedMessageException {
        return topic;
    }

    /** A message as it came, with what its Topic Name says besides. */
    default Message arrived(Message message) {
        return message;
    }

    private void checkQos(String key, Qos qos, MqttEndpointSettings settings) {
        if (qos.level() > highestQos().level()) {
            throw new InvalidSettingException(
                    key, "must be at most " + highestQos() + " with preset " + settings.preset() + ", was " + qos);
        }
    }

    /** Refuses a value that the preset says otherwise. */
    static void require(boolean isMet, String key, String expected, MqttEndpointSettings settings) {
        if (!isMet) {
            throw new InvalidSettingException(key, expected + " with preset " + settings.preset());
        }
    }

    /** Refuses any url but one of TLS on one of the ports. */
    static void requireTls(MqttEndpointSettings settings, boolean webSocketToo, Integer... ports) {
        for (String url : settings.url()) {
            BrokerUrl parsed = BrokerUrl.parse(url);
            boolean isOne = parsed.secure()
                    && (webSocketToo || !parsed.webSocket())
                    && (ports.length == 0 || List.of(ports).contains(parsed.port()));
            require(
                    isOne,
                    "url",
                    "must be mqtts://" + (webSocketToo ? " or wss://" : "")
                            + (ports.length == 0 ? "" : " with port " + List.of(ports)) + ", was '" + url + "',",
                    settings);
        }
    }
}

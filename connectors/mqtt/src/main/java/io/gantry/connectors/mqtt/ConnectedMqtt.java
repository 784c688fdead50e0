// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import io.gantry.api.MessageId;
import io.gantry.api.Qos;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.EndpointWatcher;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker of the YAML in use: one client for all its routes, so that the broker knows what the gateway itself has
 * published (No Local). It connects when the first route starts.
 */
final class ConnectedMqtt implements ConnectedEndpoint<MqttFrom, MqttTo> {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectedMqtt.class);
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    private final MqttEndpointSettings settings;
    private final Broker broker;
    private final CamelContext camel;
    private final RemoteClient client;
    private final RemoteClient exact;
    private final AtomicInteger sides = new AtomicInteger();

    ConnectedMqtt(MqttEndpointSettings settings, Broker broker, CamelContext camel, EndpointWatcher watcher) {
        this.settings = settings;
        this.broker = broker;
        this.camel = camel;
        if (settings.tellsSecretsInTheClear()) {
            LOG.atWarn()
                    .addKeyValue("endpoint", broker.endpoint())
                    .log(
                            "The credentials for an MQTT broker go over the network unencrypted, as its url is no mqtts:// or"
                                    + " wss://");
        }
        this.client = new RemoteClient(broker, new Outbound(broker), watcher, pauses());
        Broker other = broker.with(broker.clientId() + "-qos2");
        this.exact = new RemoteClient(other, new ExactOutbound(other), (endpoint, state, detail) -> {}, pauses());
    }

    private static Pauses pauses() {
        return new Pauses(FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
    }

    /** Connects, if it has not begun yet. */
    void start() {
        client.start();
    }

    /**
     * Publishes; answers, then or later, what became of it. Messages of QoS 2 have a session of their own: begun anew by
     * each run, since a broker may take a message for one that a former run has left half way under its Packet Identifier.
     */
    void publish(OutgoingMessage message, Consumer<Delivery> answer) {
        if (broker.lowered(message.qos()) == Qos.EXACTLY_ONCE) {
            exact.start();
            exact.publish(message, answer);
        } else {
            client.publish(message, answer);
        }
    }

    @Override
    public String address() {
        return "mqtt " + broker.urls().stream().map(BrokerUrl::toString).collect(Collectors.joining(","));
    }

    @Override
    public CamelSink sink(String route, MqttTo to) {
        settings.kind().checkTo(settings, to);
        int number = sides.incrementAndGet();
        PublishEndpoint endpoint = new PublishEndpoint(uri("to", route, number), camel, this);
        return new MqttSink(route, endpoint, to, settings);
    }

    @Override
    public CamelSource source(String route, MqttFrom from, MessageId.Sequence ids) {
        settings.kind().checkFrom(settings, from);
        int number = sides.incrementAndGet();
        Subscription subscription = client.subscriptions().add(route, from);
        SubscribeEndpoint endpoint = new SubscribeEndpoint(uri("from", route, number), camel, client, subscription);
        DirectMethods methods = new DirectMethods(answer -> publish(answer, outcome -> {}));
        return new MqttSource(broker.endpoint(), endpoint, settings.kind(), from.reply() ? methods : null, ids);
    }

    private String uri(String side, String route, int number) {
        String names = URLEncoder.encode(broker.endpoint() + "-" + route, StandardCharsets.UTF_8);
        return "gantry-mqtt://" + side + "-" + names + "-" + number;
    }

    @Override
    public void close() {
        client.close();
        exact.close();
        if (broker.tls() != null) {
            broker.tls().close();
        }
    }
}

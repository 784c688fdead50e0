// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.UserProperty;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.jspecify.annotations.Nullable;

/** Paho's client of MQTT 5. */
final class Link5 implements Link {
    private static final int REFUSED = 0x80;
    private static final int MOST_IN_FLIGHT = 65_535;
    private static final long LARGEST_PACKET = 268_435_460L;

    private final Broker broker;
    private final Events events;
    private final Wire wire;
    private final MqttAsyncClient client;

    Link5(Broker broker, Events events) {
        this.broker = broker;
        this.events = events;
        this.wire = new Wire(broker, events);
        try {
            this.client = new Guarded5(broker, wire);
        } catch (MqttException refused) {
            throw new IllegalStateException("Paho does not take its settings", refused);
        }
        client.setManualAcks(true);
        client.setCallback(new Callback());
    }

    @Override
    public Announced connect(BrokerUrl url, Login login, SessionUse session) throws LinkException {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setServerURIs(new String[] {BrokerSockets.uri(url)});
        options.setSocketFactory(new BrokerSockets(broker, url));
        options.setAutomaticReconnect(false);
        options.setCleanStart(session != SessionUse.CONTINUE);
        options.setSessionExpiryInterval(broker.sessionExpiry().toSeconds());
        options.setKeepAliveInterval((int) broker.keepAlive().toSeconds());
        options.setConnectionTimeout(Paho.seconds(broker));
        options.setReceiveMaximum(broker.receiveMaximum());
        options.setMaximumPacketSize(broker.maxPacketSize());
        options.setUserName(login.username());
        if (login.password() != null) {
            options.setPassword(login.password().reveal().getBytes(StandardCharsets.UTF_8));
        }
        try {
            IMqttToken token = client.connect(options, null, null);
            token.waitForCompletion(Paho.millis(broker));
            return announced(token.getSessionPresent(), token.getResponseProperties());
        } catch (MqttException failure) {
            abandon();
            throw new LinkException(trouble(failure));
        }
    }

    private static Announced announced(boolean sessionPresent, MqttProperties said) {
        Integer receiveMaximum = said.getReceiveMaximum();
        Integer maxQos = said.getMaximumQoS();
        Boolean retain = said.isRetainAvailable();
        Long maxPacketSize = said.getMaximumPacketSize();
        return new Announced(
                sessionPresent,
                receiveMaximum == null ? MOST_IN_FLIGHT : receiveMaximum,
                maxQos == null ? Qos.EXACTLY_ONCE : Qos.of(maxQos),
                retain == null || retain,
                maxPacketSize == null ? LARGEST_PACKET : maxPacketSize,
                said.isSubscriptionIdentifiersAvailable());
    }

    private static Trouble trouble(MqttException failure) {
        return Paho.trouble(failure.getReasonCode(), failure.getCause());
    }

    @Override
    public void publish(OutgoingMessage message, Qos qos, IntConsumer confirmed) throws LinkException {
        MqttMessage paho = paho(message, qos);
        try {
            client.publish(
                    message.topic(), paho, null, new Listener(token -> confirmed.accept(codeOf(token)), () -> {}));
        } catch (MqttException failure) {
            throw new LinkException(trouble(failure));
        }
    }

    private static int codeOf(IMqttToken token) {
        int[] codes = token.getReasonCodes();
        return codes == null || codes.length == 0 ? 0 : codes[0];
    }

    private static MqttProperties properties(OutgoingMessage message) {
        MessageProperties from = message.properties();
        MqttProperties to = new MqttProperties();
        to.setPayloadFormat(from.payloadFormat() == PayloadFormat.TEXT);
        to.setMessageExpiryInterval(message.secondsLeft());
        to.setContentType(from.contentType());
        to.setResponseTopic(
                from.responseTopic() == null ? null : from.responseTopic().value());
        if (from.correlationData() != null) {
            to.setCorrelationData(from.correlationData().sharedBytes());
        }
        to.setUserProperties(from.userProperties().stream()
                .map(one -> new org.eclipse.paho.mqttv5.common.packet.UserProperty(one.name(), one.value()))
                .toList());
        return to;
    }

    private static MqttMessage paho(OutgoingMessage message, Qos qos) {
        MqttMessage paho = new MqttMessage(message.payload().sharedBytes());
        paho.setQos(qos.level());
        paho.setRetained(message.retain());
        paho.setProperties(properties(message));
        return paho;
    }

    @Override
    public byte[] packet(OutgoingMessage message, int packetId, boolean duplicate) throws LinkException {
        MqttMessage paho = paho(message, Qos.EXACTLY_ONCE);
        MqttPublish packet = new MqttPublish(message.topic(), paho, paho.getProperties());
        packet.setMessageId(packetId);
        packet.setDuplicate(duplicate);
        try {
            return Packets.joined(packet.getHeader(), packet.getPayload());
        } catch (MqttException failure) {
            throw new LinkException(trouble(failure));
        }
    }

    @Override
    public void send(byte[] packet) {
        wire.send(packet);
    }

    @Override
    public void subscribe(MqttFrom from, Qos qos, int subscriptionId, Consumer<List<Integer>> granted)
            throws LinkException {
        MqttSubscription[] wanted = from.subscribed().stream()
                .map(filter -> subscription(filter, from, qos))
                .toArray(MqttSubscription[]::new);
        MqttProperties properties = new MqttProperties();
        if (subscriptionId > 0) {
            properties.setSubscriptionIdentifier(subscriptionId);
        }
        Runnable failed = () -> granted.accept(Collections.nCopies(wanted.length, REFUSED));
        try {
            client.subscribe(wanted, null, new Listener(token -> granted.accept(codes(token)), failed), properties);
        } catch (MqttException failure) {
            throw new LinkException(trouble(failure));
        }
    }

    private static MqttSubscription subscription(String filter, MqttFrom from, Qos qos) {
        MqttSubscription subscription = new MqttSubscription(filter, qos.level());
        subscription.setNoLocal(from.noLocal() && from.share() == null);
        subscription.setRetainAsPublished(true);
        subscription.setRetainHandling(from.retained().handling());
        return subscription;
    }

    private static List<Integer> codes(IMqttToken token) {
        int[] codes = token.getReasonCodes();
        return codes == null ? List.of() : Arrays.stream(codes).boxed().toList();
    }

    @Override
    public void acknowledge(int packetId, Qos qos) {
        if (qos == Qos.EXACTLY_ONCE) {
            wire.send(Packets.pubRec(packetId));
            return;
        }
        try {
            client.messageArrivedComplete(packetId, Qos.AT_LEAST_ONCE.level());
        } catch (MqttException lost) {
            events.lost(trouble(lost));
        }
    }

    /** Says goodbye where there is somebody to hear it, and does not wait for those who do not answer. */
    private void abandon() {
        try {
            client.disconnectForcibly(0, Paho.GOODBYE_MILLIS, 0, new MqttProperties());
        } catch (MqttException notConnected) {
            return;
        }
    }

    @Override
    public void close() {
        abandon();
        wire.stop();
        try {
            client.close(true);
        } catch (MqttException alreadyClosed) {
            return;
        }
    }

    private static final class Listener implements MqttActionListener {
        private final Consumer<IMqttToken> done;
        private final Runnable failed;

        Listener(Consumer<IMqttToken> done, Runnable failed) {
            this.done = done;
            this.failed = failed;
        }

        @Override
        public void onSuccess(IMqttToken token) {
            done.accept(token);
        }

        @Override
        public void onFailure(IMqttToken token, Throwable failure) {
            failed.run();
        }
    }

    private final class Callback implements MqttCallback {

        @Override
        public void disconnected(MqttDisconnectResponse why) {
            MqttException failure = why.getException();
            events.lost(failure == null ? Trouble.refused(why.getReturnCode()) : trouble(failure));
        }

        @Override
        public void mqttErrorOccurred(MqttException failure) {
            events.lost(trouble(failure));
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) throws InterruptedException {
            events.arrived(incoming(topic, message));
        }

        @Override
        public void deliveryComplete(IMqttToken token) {
            // Each message has a listener of its own.
            return;
        }

        @Override
        public void connectComplete(boolean reconnect, String uri) {
            // Who connects waits for the answer.
            return;
        }

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {
            events.lost(new Trouble("it asks for another way to authenticate", true));
        }
    }

    private Incoming incoming(String topic, MqttMessage message) {
        MqttProperties said = message.getProperties();
        byte[] correlation = said.getCorrelationData();
        List<UserProperty> user = new ArrayList<>();
        said.getUserProperties().forEach(one -> user.add(new UserProperty(one.getKey(), one.getValue())));
        Long expiry = said.getMessageExpiryInterval();
        return new Incoming(
                topic,
                Payload.owning(message.getPayload()),
                wire.isExact(message.getId()) ? Qos.EXACTLY_ONCE : Qos.of(message.getQos()),
                message.isRetained(),
                message.isDuplicate(),
                message.getQos() == 0 ? 0 : message.getId(),
                said.getResponseTopic(),
                new MessageProperties(
                        said.getPayloadFormat() ? PayloadFormat.TEXT : null,
                        expiry,
                        said.getContentType(),
                        null,
                        correlation == null ? null : Payload.owning(correlation),
                        user),
                subscriptionIds(said.getSubscriptionIdentifiers()));
    }

    private static List<Integer> subscriptionIds(@Nullable List<Integer> ids) {
        return ids == null ? List.of() : List.copyOf(ids);
    }

    /** Paho's client with the wire below. */
    private static final class Guarded5 extends MqttAsyncClient {
        private final Wire wire;

        Guarded5(Broker broker, Wire wire) throws MqttException {
            super(BrokerSockets.uri(broker.urls().get(0)), broker.clientId(), new MemoryPersistence());
            this.wire = wire;
        }

        @Override
        protected NetworkModule[] createNetworkModules(String address, MqttConnectionOptions options)
                throws MqttException {
            var modules = super.createNetworkModules(address, options);
            for (int i = 0; i < modules.length; i++) {
                modules[i] = new GuardedModule5(modules[i], wire);
            }
            return modules;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.internal.NetworkModule;
import org.eclipse.paho.client.mqttv3.internal.wire.MqttPublish;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Paho's client of MQTT 3.1.1. */
final class Link311 implements Link {
    private static final int REFUSED = 0x80;
    private static final int MOST_IN_FLIGHT = 65_535;

    private final Broker broker;
    private final Events events;
    private final Wire wire;
    private final MqttAsyncClient client;

    Link311(Broker broker, Events events) {
        this.broker = broker;
        this.events = events;
        this.wire = new Wire(broker, events);
        try {
            this.client = new Guarded311(broker, wire);
        } catch (MqttException refused) {
            throw new IllegalStateException("Paho does not take its settings", refused);
        }
        client.setManualAcks(true);
        client.setCallback(new Callback());
    }

    /** A session that begins with this version ends with its connection: so that connection is followed by another. */
    @Override
    public Announced connect(BrokerUrl url, Login login, SessionUse session) throws LinkException {
        try {
            if (session == SessionUse.BEGIN) {
                client.connect(options(url, login, true)).waitForCompletion(Paho.millis(broker));
                client.disconnect(0).waitForCompletion(Paho.millis(broker));
            }
            IMqttToken token = client.connect(options(url, login, session == SessionUse.NONE));
            token.waitForCompletion(Paho.millis(broker));
            return new Announced(
                    token.getSessionPresent(), MOST_IN_FLIGHT, Qos.EXACTLY_ONCE, true, broker.maxPacketSize(), false);
        } catch (MqttException failure) {
            abandon();
            throw new LinkException(trouble(failure));
        }
    }

    private MqttConnectOptions options(BrokerUrl url, Login login, boolean clean) {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setServerURIs(new String[] {BrokerSockets.uri(url)});
        options.setSocketFactory(new BrokerSockets(broker, url));
        options.setAutomaticReconnect(false);
        options.setCleanSession(clean);
        options.setKeepAliveInterval((int) broker.keepAlive().toSeconds());
        options.setConnectionTimeout(Paho.seconds(broker));
        options.setMaxInflight(MOST_IN_FLIGHT);
        if (login.username() != null) {
            options.setUserName(login.username());
        }
        if (login.password() != null) {
            options.setPassword(login.password().reveal().toCharArray());
        }
        return options;
    }

    private static Trouble trouble(MqttException failure) {
        return Paho.trouble(failure.getReasonCode(), failure.getCause());
    }

    @Override
    public void publish(OutgoingMessage message, Qos qos, IntConsumer confirmed) throws LinkException {
        MqttMessage paho = paho(message, qos);
        try {
            client.publish(message.topic(), paho, null, new Listener(token -> confirmed.accept(0), () -> {}));
        } catch (MqttException failure) {
            throw new LinkException(trouble(failure));
        }
    }

    private static MqttMessage paho(OutgoingMessage message, Qos qos) {
        MqttMessage paho = new MqttMessage(message.payload().sharedBytes());
        paho.setQos(qos.level());
        paho.setRetained(message.retain());
        return paho;
    }

    @Override
    public byte[] packet(OutgoingMessage message, int packetId, boolean duplicate) throws LinkException {
        MqttMessage paho = paho(message, Qos.EXACTLY_ONCE);
        MqttPublish packet = new MqttPublish(message.topic(), paho);
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
        String[] filters = from.subscribed().toArray(new String[0]);
        int[] levels = new int[filters.length];
        Arrays.fill(levels, qos.level());
        Runnable failed = () -> granted.accept(Collections.nCopies(filters.length, REFUSED));
        Consumer<IMqttToken> done = token ->
                granted.accept(Arrays.stream(token.getGrantedQos()).boxed().toList());
        try {
            client.subscribe(filters, levels, null, new Listener(done, failed));
        } catch (MqttException failure) {
            throw new LinkException(trouble(failure));
        }
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
            client.disconnectForcibly(0, Paho.GOODBYE_MILLIS);
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

    private static final class Listener implements IMqttActionListener {
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
        public void connectionLost(Throwable why) {
            events.lost(why instanceof MqttException failure ? trouble(failure) : Trouble.LOST);
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) throws InterruptedException {
            events.arrived(new Incoming(
                    topic,
                    Payload.owning(message.getPayload()),
                    wire.isExact(message.getId()) ? Qos.EXACTLY_ONCE : Qos.of(message.getQos()),
                    message.isRetained(),
                    message.isDuplicate(),
                    message.getQos() == 0 ? 0 : message.getId(),
                    null,
                    MessageProperties.NONE,
                    List.of()));
        }

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {
            // Each message has a listener of its own.
            return;
        }
    }

    /** Paho's client with the wire below. */
    private static final class Guarded311 extends MqttAsyncClient {
        private final Wire wire;

        Guarded311(Broker broker, Wire wire) throws MqttException {
            super(BrokerSockets.uri(broker.urls().get(0)), broker.clientId(), new MemoryPersistence());
            this.wire = wire;
        }

        @Override
        protected NetworkModule[] createNetworkModules(String address, MqttConnectOptions options)
                throws MqttException {
            NetworkModule[] modules = super.createNetworkModules(address, options);
            for (int i = 0; i < modules.length; i++) {
                modules[i] = new GuardedModule311(modules[i], wire);
            }
            return modules;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** Somebody else at the broker. */
final class Peer implements AutoCloseable {
    private static final long MILLIS = 120_000;

    /** Tells of each PUBREL; kept here, as loggers are forgotten otherwise. */
    private static final Logger TALKATIVE = Logger.getLogger("org.eclipse.paho.mqttv5.client.internal.ClientState");

    static {
        TALKATIVE.setLevel(Level.WARNING);
    }

    record Seen(String topic, MqttMessage message) {
        String payload() {
            return new String(message.getPayload(), UTF_8);
        }
    }

    final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final MqttAsyncClient client;

    Peer(String url, String name) throws MqttException {
        client = new MqttAsyncClient(url.replace("mqtt://", "tcp://"), name, new MemoryPersistence());
        client.setCallback(new Recorder());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(true);
        options.setAutomaticReconnectDelay(1, 1);
        options.setCleanStart(false);
        options.setSessionExpiryInterval(3_600L);
        client.connect(options).waitForCompletion(MILLIS);
    }

    Peer subscribe(String filter, int qos) throws MqttException {
        MqttSubscription subscription = new MqttSubscription(filter, qos);
        subscription.setRetainAsPublished(true);
        client.subscribe(new MqttSubscription[] {subscription}, null, null, new MqttProperties())
                .waitForCompletion(MILLIS);
        return this;
    }

    void publish(String topic, String payload, int qos, boolean retain) throws MqttException {
        publish(topic, payload, qos, retain, new MqttProperties());
    }

    /** Until Paho has told of it: a token is complete before the message's place in flight is free again. */
    void publish(String topic, String payload, int qos, boolean retain, MqttProperties properties)
            throws MqttException {
        CompletableFuture<Void> told = new CompletableFuture<>();
        client.publish(topic, new MqttMessage(payload.getBytes(UTF_8), qos, retain, properties), null, new Told(told));
        told.orTimeout(MILLIS, TimeUnit.MILLISECONDS).join();
    }

    List<String> payloads() {
        return seen.stream().map(Seen::payload).toList();
    }

    boolean isConnected() {
        return client.isConnected();
    }

    @Override
    public void close() throws MqttException {
        client.disconnectForcibly(0, 500, 0, new MqttProperties());
        client.close(true);
    }

    private record Told(CompletableFuture<Void> told) implements MqttActionListener {
        @Override
        public void onSuccess(IMqttToken token) {
            told.complete(null);
        }

        @Override
        public void onFailure(IMqttToken token, Throwable failure) {
            told.completeExceptionally(failure);
        }
    }

    private final class Recorder implements MqttCallback {
        @Override
        public void disconnected(MqttDisconnectResponse why) {
            // It connects again by itself.
            return;
        }

        @Override
        public void mqttErrorOccurred(MqttException failure) {
            // What was sent and did not arrive is what tests look at.
            return;
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            seen.add(new Seen(topic, message));
        }

        @Override
        public void deliveryComplete(IMqttToken token) {
            // Who publishes waits.
            return;
        }

        @Override
        public void connectComplete(boolean reconnect, String uri) {
            // Subscriptions are the session's.
            return;
        }

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {
            // No broker of the tests asks.
            return;
        }
    }
}

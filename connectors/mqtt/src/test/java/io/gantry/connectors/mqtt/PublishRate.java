// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import com.sun.management.OperatingSystemMXBean;
import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;

/**
 * How many messages of 128 bytes at QoS 1 reach Mosquitto in a second, and what one costs this process: by Paho's client
 * alone, and by a route of the connector. Not a test; run by hand with the number of messages and of those under way at
 * once, which Mosquitto is told to allow.
 */
final class PublishRate {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final byte[] PAYLOAD = "x".repeat(128).getBytes(StandardCharsets.US_ASCII);

    private final int messages;
    private final int underWay;
    private final Mosquitto mosquitto;

    private PublishRate(int messages, int underWay, Mosquitto mosquitto) {
        this.messages = messages;
        this.underWay = underWay;
        this.mosquitto = mosquitto;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("publish-rate");
        try (Mosquitto mosquitto =
                Mosquitto.start(directory, "allow_anonymous true", "max_inflight_messages " + arguments[1])) {
            PublishRate rate =
                    new PublishRate(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), mosquitto);
            for (int round = 1; round <= 4; round++) {
                rate.library(round);
                rate.connector(round);
            }
        }
    }

    /** Offers a message; says when it is confirmed. */
    private interface Offer {
        void offer(Runnable whenConfirmed) throws Exception;
    }

    private void measure(int round, String by, Offer offer) throws Exception {
        Semaphore room = new Semaphore(underWay);
        CountDownLatch confirmed = new CountDownLatch(messages);
        long cpu = PROCESS.getProcessCpuTime();
        long start = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            room.acquire();
            offer.offer(() -> {
                room.release();
                confirmed.countDown();
            });
        }
        if (!confirmed.await(5, TimeUnit.MINUTES)) {
            throw new IllegalStateException(confirmed.getCount() + " messages have not been confirmed");
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "round=%d by=%s messages=%d under_way=%d per_second=%.0f cpu_us=%.2f%n",
                round,
                by,
                messages,
                underWay,
                messages / seconds,
                (PROCESS.getProcessCpuTime() - cpu) / 1e3 / messages);
    }

    private void library(int round) throws Exception {
        MqttAsyncClient client = new MqttAsyncClient(
                "tcp://127.0.0.1:" + mosquitto.port, "library", new MemoryPersistence(), null, null);
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setReceiveMaximum(underWay);
        client.connect(options).waitForCompletion();
        try {
            measure(
                    round,
                    "paho",
                    whenConfirmed -> client.publish("rate/library", PAYLOAD, 1, false, null, new MqttActionListener() {
                        @Override
                        public void onSuccess(IMqttToken token) {
                            whenConfirmed.run();
                        }

                        @Override
                        public void onFailure(IMqttToken token, Throwable failure) {
                            throw new IllegalStateException(failure);
                        }
                    }));
        } finally {
            client.disconnect().waitForCompletion();
            client.close();
        }
    }

    private void connector(int round) throws Exception {
        try (Harness harness = new Harness(Settings.at(mosquitto.url()).build())) {
            Sink sink = harness.startTo(Settings.to("rate/connector"));
            measure(
                    round,
                    "route",
                    whenConfirmed -> sink.offer(
                            Harness.message("in/a", Payload.owning(PAYLOAD), Qos.AT_LEAST_ONCE, MessageProperties.NONE),
                            delivery -> {
                                if (!delivery.equals(Delivery.accepted())) {
                                    throw new IllegalStateException(delivery.toString());
                                }
                                whenConfirmed.run();
                            }));
        }
    }
}

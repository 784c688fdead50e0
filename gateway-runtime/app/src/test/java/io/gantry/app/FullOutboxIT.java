// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.gantry.mqtt.session.Counter;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("When the outbox of a target that is away is full")
class FullOutboxIT {
    private static final byte[] KIBIBYTE = new byte[1_024];

    private static TestGateway gateway(String whenFull) throws Exception {
        return TestGateway.start("127.0.0.1:1", """
                routes:
                  telemetry:
                    from: {mqtt: "t/#"}
                    to: {plant: {topic: telemetry}}
                    delivery: {buffer: {max-bytes: 64KiB, when-full: %s}}
                """.formatted(whenFull));
    }

    @Test
    @DisplayName(
            "an MQTT 5 device is told 0x97, a 3.1.1 device gets no PUBACK and is closed, and both still have the message")
    void refuses() throws Exception {
        try (TestGateway gateway = gateway("refuse")) {
            Mqtt5AsyncClient device5 = gateway.device5("five");
            int taken = 0;
            while (refusalOf(device5) == null) {
                taken++;
            }
            Mqtt3AsyncClient device3 = gateway.device3("three");

            var publish = device3.publishWith()
                    .topic("t/three")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(KIBIBYTE)
                    .send();

            assertThat(taken).isBetween(40, 64);
            assertThat(refusalOf(device5)).isEqualTo(Mqtt5PubAckReasonCode.QUOTA_EXCEEDED);
            await().until(() -> !device3.getState().isConnected());
            assertThat(publish).isNotCompleted();
            assertThat(gateway.count(Counter.MESSAGES_UNAVAILABLE)).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("that drops, devices go on and what is dropped is counted")
    void drops() throws Exception {
        try (TestGateway gateway = gateway("drop-newest")) {
            Mqtt5AsyncClient device = gateway.device5("five");

            for (int i = 0; i < 100; i++) {
                assertThat(refusalOf(device)).isNull();
            }

            assertThat(gateway.ledgers()).singleElement().satisfies(ledger -> {
                assertThat(ledger.accepted()).isEqualTo(100);
                assertThat(ledger.waiting()).isBetween(40L, 64L);
                assertThat(ledger.dropped().values()).containsExactly(100 - ledger.waiting());
            });
        }
    }

    /** Publishes a message; what it was refused with, null when it was taken. */
    private static @Nullable Mqtt5PubAckReasonCode refusalOf(Mqtt5AsyncClient device) throws Exception {
        try {
            var result = device.publishWith()
                    .topic("t/five")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(KIBIBYTE)
                    .send()
                    .get(Patience.SECONDS, TimeUnit.SECONDS);
            return result.getError().map(FullOutboxIT::reasonOf).orElse(null);
        } catch (ExecutionException failure) {
            return reasonOf(Objects.requireNonNull(failure.getCause()));
        }
    }

    private static Mqtt5PubAckReasonCode reasonOf(Throwable refusal) {
        return ((Mqtt5PubAckException) refusal).getMqttMessage().getReasonCode();
    }
}

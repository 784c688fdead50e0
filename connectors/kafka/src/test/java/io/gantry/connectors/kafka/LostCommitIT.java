// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.ExactlyOnceLane.JOURNAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Retry;
import io.gantry.api.settings.ByteSize;
import io.gantry.connectors.kafka.CommitLosingProxy.Loss;
import io.gantry.testbed.KafkaListener;
import io.gantry.testbed.KafkaRecords;
import io.gantry.testbed.KafkaServer;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A commit to Kafka of which nothing is heard")
@ExtendWith(SharedKafka.class)
class LostCommitIT {

    @Test
    @DisplayName("is unknown, and the cursor tells: not done when the request was lost, done when the response was")
    void cursorTells() throws Exception {
        KafkaServer kafka = SharedKafka.server();
        KafkaListener listener = SharedKafka.behindProxy();
        try (CommitLosingProxy proxy = new CommitLosingProxy(listener.advertisedPort(), listener.port())) {
            kafka.createTopic("lost", 4);
            KafkaEndpointSettings impatient = Settings.endpoint(
                    "127.0.0.1:" + listener.advertisedPort(), ByteSize.fromText("1MiB"), Duration.ofSeconds(3));
            try (ExactlyOnceLane lane = new ExactlyOnceLane(impatient, "lost")) {
                assertThat(lane.recovered(JOURNAL)).isEmpty();
                lane.deliver(0, 100);

                assertThat(commitLosing(Loss.REQUEST, lane, proxy, 100)).isEqualTo(99);
                assertThat(commitLosing(Loss.RESPONSE, lane, proxy, 100)).isEqualTo(199);

                lane.deliver(200, 300);
                assertThat(KafkaRecords.at(kafka.bootstrapServers()).consumeTexts("lost").stream()
                                .map(Long::valueOf)
                                .sorted())
                        .containsExactlyElementsOf(
                                LongStream.range(0, 300).boxed().toList());
            }
        }
    }

    /** Sends a hundred messages, loses their commit, and asks how far Kafka has come. */
    private static long commitLosing(Loss loss, ExactlyOnceLane lane, CommitLosingProxy proxy, long from) {
        assertThat(lane.transactions.begin()).isEqualTo(Delivery.accepted());
        assertThat(lane.offer(from, from + 100)).containsOnly(Delivery.accepted());
        int before = proxy.lost();
        proxy.lose(loss);

        Delivery outcome = lane.transactions.commit(from + 99);

        proxy.lose(Loss.NOTHING);
        assertThat(proxy.lost()).isGreaterThan(before);
        assertThat(outcome)
                .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                        .isEqualTo(Retry.soon()));
        return lane.recovered(JOURNAL).orElseThrow();
    }
}

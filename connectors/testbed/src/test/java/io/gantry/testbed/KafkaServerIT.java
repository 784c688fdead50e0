// SPDX-License-Identifier: Apache-2.0
package io.gantry.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A Kafka of one node")
class KafkaServerIT {

    @Test
    @DisplayName(
            "has its records and its port again after it was killed and after it was stopped, and leaves nothing behind")
    void survives(@TempDir Path parent) {
        Path directory = parent.resolve("kafka");
        try (KafkaServer server = KafkaServer.start(directory, LoopbackPorts.free())) {
            KafkaRecords records = KafkaRecords.at(server.bootstrapServers());
            server.createTopic("survives", 2);
            records.produce(List.of(KafkaRecords.record("survives", "k", "one")));

            server.kill();
            server.restart();
            records.produce(List.of(KafkaRecords.record("survives", "k", "two")));
            server.stop();
            server.restart();

            assertThat(records.consumeTexts("survives")).containsExactly("one", "two");
        }
        assertThat(Files.exists(directory)).isFalse();
    }
}

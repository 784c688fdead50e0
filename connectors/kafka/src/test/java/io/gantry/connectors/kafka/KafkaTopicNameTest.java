// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A value in the name of a Kafka topic")
class KafkaTopicNameTest {

    @ParameterizedTest
    @CsvSource({
        "north-1.a, north-1.a",
        "a/b, a_2fb",
        "a_b, a_5fb",
        "a_2fb, a_5f2fb",
        "__consumer_offsets, _5f_5fconsumer_5foffsets",
        "' ', _20",
        "é, _c3_a9",
        "😀, _f0_9f_98_80",
        "'', ''"
    })
    @DisplayName("has each byte that is not a letter, digit, dot or minus as _hh")
    void escapes(String value, String escaped) {
        assertThat(KafkaTopicName.escape(value)).isEqualTo(escaped);
        assertThat(KafkaTopicName.isLegal(escaped)).isTrue();
    }

    @Test
    @DisplayName("[C6] differs from every other value's")
    void isInjective() {
        List<String> pieces = List.of("a", "A", "_", "2f", "/", ".", "-", "é", "\u0000", "_2f", "_5f");
        Set<String> values = new HashSet<>();
        Set<String> escaped = new HashSet<>();
        for (String first : pieces) {
            for (String second : pieces) {
                for (String third : pieces) {
                    values.add(first + second + third);
                    escaped.add(KafkaTopicName.escape(first + second + third));
                }
            }
        }

        assertThat(escaped).hasSameSizeAs(values);
    }

    @Test
    @DisplayName("makes no name that Kafka refuses")
    void fits() {
        assertThat(KafkaTopicName.fits("a".repeat(249))).isTrue();
        assertThat(KafkaTopicName.fits("a".repeat(250))).isFalse();
        assertThat(KafkaTopicName.fits("")).isFalse();
        assertThat(KafkaTopicName.fits(".")).isFalse();
        assertThat(KafkaTopicName.fits("..")).isFalse();
        assertThat(KafkaTopicName.fits("...")).isTrue();
    }
}

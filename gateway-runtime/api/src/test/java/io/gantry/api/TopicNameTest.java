// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A Topic Name")
class TopicNameTest {

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"a", "/", "//", "a/b/c", "/a/", " ", "$SYS/x", "$share", "é/€/\uD83D\uDE00", "\uFEFFa"})
    @DisplayName("[5.0/MQTT-4.7.3-1] [5.0/MQTT-4.7.3-4] is taken as it is when it has a character")
    void wellFormed(String text) {
        assertThat(TopicName.parse(text)).contains(new TopicName(text));
        assertThat(new TopicName(text)).hasToString(text);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "",
                "+",
                "#",
                "a/+",
                "a/#",
                "a+b",
                "a#",
                "\0",
                "a\0b",
                "\uD800",
                "a\uDC00",
                "\uDC00\uD800",
                "a\n",
                "\u007F",
                "\uFFFE"
            })
    @DisplayName(
            "[5.0/MQTT-4.7.0-1] [5.0/MQTT-4.7.3-2] [5.0/MQTT-1.5.4-1] has no wildcard, control character or lone surrogate")
    void notWellFormed(String text) {
        assertThat(TopicName.parse(text)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new TopicName(text));
    }

    @Test
    @DisplayName("[3.1.1/MQTT-4.7.3-3] [5.0/MQTT-4.7.3-3] has at most 65,535 bytes of UTF-8")
    void length() {
        assertThat(TopicName.parse("a".repeat(65_535))).isPresent();
        assertThat(TopicName.parse("a".repeat(65_536))).isEmpty();
        assertThat(TopicName.parse("€".repeat(21_845))).isPresent();
        assertThat(TopicName.parse("€".repeat(21_845) + "a")).isEmpty();
        assertThat(TopicName.parse("\uD83D\uDE00".repeat(16_384))).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"$SYS/x, true", "$, true", "a/$SYS, false", "/$SYS, false"})
    @DisplayName("[5.0/MQTT-4.7.2-1] is reserved when it begins with $")
    void reserved(String text, boolean reserved) {
        assertThat(new TopicName(text).isReserved()).isEqualTo(reserved);
    }
}

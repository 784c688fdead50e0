// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A topic pattern")
class TopicPatternTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "sensors/{site}/{device}/telemetry, sensors/+/+/telemetry",
        "{device},                          +",
        "a/+/{b}/#,                         a/+/+/#",
        "a/b,                               a/b",
        "/{a_1-B}/,                         /+/",
    })
    @DisplayName("is a Topic Filter with + for its named levels")
    void filter(String pattern, String filter) {
        assertThat(TopicPattern.fromText(pattern).filter()).isEqualTo(new TopicFilter(filter));
        assertThat(TopicPattern.fromText(pattern)).hasToString(pattern);
    }

    @ParameterizedTest(name = "{0}: {1} in {2} is {3}")
    @CsvSource({
        "sensors/{site}/{device}/x, site,   sensors/hall/d1/x, hall",
        "sensors/{site}/{device}/x, device, sensors/hall/d1/x, d1",
        "sensors/{site}/{device}/x, device, sensors/hall//x,   ''",
        "{device},                  device, d1,                d1",
        "{a}/#,                     a,      x/y/z,             x",
        "+/{a},                     a,      x/y,               y",
        "/{a},                      a,      /y,                y",
    })
    @DisplayName("captures what stands at a named level")
    void captures(String pattern, String name, String topic, String captured) {
        assertThat(TopicPattern.fromText(pattern).capture(name, new TopicName(topic)))
                .isEqualTo(captured);
    }

    @Test
    @DisplayName("knows its names from left to right, and captures nothing for others")
    void names() {
        TopicPattern pattern = TopicPattern.fromText("{b}/x/{a}/+");

        assertThat(pattern.names()).containsExactly("b", "a");
        assertThat(pattern.capture("c", new TopicName("1/x/2/3"))).isNull();
    }

    @Test
    @DisplayName("refuses a name given twice")
    void twice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicPattern.fromText("{a}/{a}"))
                .withMessage("uses the name {a} twice");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"", "a/#/b", "a+", "{a", "a}", "x{a}", "{a}x", "{}", "{1a}", "{a b}", "{a}{b}", "{{a}}"})
    @DisplayName("refuses what is neither a Topic Filter nor a named level")
    void malformed(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> TopicPattern.fromText(text));
    }
}

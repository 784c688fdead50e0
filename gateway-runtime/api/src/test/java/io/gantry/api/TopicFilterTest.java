// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A Topic Filter")
class TopicFilterTest {

    @ParameterizedTest(name = "{0} matches {1}: {2}")
    @CsvSource({
        "a,            a,              true",
        "a,            b,              false",
        "a,            A,              false",
        "a,            a/,             false",
        "a/,           a,              false",
        "a,            ab,             false",
        "ab,           a,              false",
        "a/b,          a/b,            true",
        "a/b,          a/bc,           false",
        "a/bc,         a/b,            false",
        "a/b,          a/b/c,          false",
        "a/b/c,        a/b,            false",
        "/a,           a,              false",
        "/,            /,              true",
        "//,           //,             true",
        "/,            //,             false",
    })
    @DisplayName("[5.0/MQTT-4.7.3-4] without wildcards matches the same Topic Name only")
    void exact(String filter, String topic, boolean matches) {
        assertThat(new TopicFilter(filter).matches(new TopicName(topic))).isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0} matches {1}: {2}")
    @CsvSource({
        "+,            a,              true",
        "+,            a/b,            false",
        "+,            /a,             false",
        "+/+,          /a,             true",
        "/+,           /a,             true",
        "/+,           /,              true",
        "+/+,          /,              true",
        "+/,           a/,             true",
        "+/,           a,              false",
        "a/+,          a,              false",
        "a/+,          a/,             true",
        "a/+/c,        a/b/c,          true",
        "a/+/c,        a//c,           true",
        "a/+/c,        a/b/d,          false",
        "a/+/c,        a/b/b/c,        false",
        "+/b/+,        a/b/c,          true",
        "+/+/+,        a/b,            false",
    })
    @DisplayName("[5.0/MQTT-4.7.1-2] with + matches exactly one level there, even an empty one")
    void oneLevel(String filter, String topic, boolean matches) {
        assertThat(new TopicFilter(filter).matches(new TopicName(topic))).isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0} matches {1}: {2}")
    @CsvSource({
        "'#',          a,              true",
        "'#',          /,              true",
        "'#',          a/b/c,          true",
        "a/#,          a,              true",
        "a/#,          a/,             true",
        "a/#,          a/b,            true",
        "a/#,          a/b/c/d,        true",
        "a/#,          b,              false",
        "a/#,          ab,             false",
        "a/b/#,        a,              false",
        "a/+/#,        a/b,            true",
        "a/+/#,        a,              false",
        "+/#,          a,              true",
        "/#,           /a,             true",
        "/#,           /,              true",
        "/#,           a,              false",
    })
    @DisplayName("[5.0/MQTT-4.7.1-1] with # matches that level's parent and all below")
    void manyLevels(String filter, String topic, boolean matches) {
        assertThat(new TopicFilter(filter).matches(new TopicName(topic))).isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0} matches {1}: {2}")
    @CsvSource({
        "'#',          $SYS/x,         false",
        "+/x,          $SYS/x,         false",
        "+,            $SYS,           false",
        "$SYS/#,       $SYS/x,         true",
        "$SYS/#,       $SYS,           true",
        "$SYS/+,       $SYS/x,         true",
        "a/+,          a/$SYS,         true",
    })
    @DisplayName("[5.0/MQTT-4.7.2-1] that begins with a wildcard does not match a topic that begins with $")
    void reserved(String filter, String topic, boolean matches) {
        assertThat(new TopicFilter(filter).matches(new TopicName(topic))).isEqualTo(matches);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "", "a#", "a/#/b", "#/", "##", "#/#", "a+", "+a", "a/+b", "a/b+/c", "++", "+#", "\0", "a/\0", "\uD800"
            })
    @DisplayName("[5.0/MQTT-4.7.1-1] [5.0/MQTT-4.7.1-2] has + on a level of its own and # only at the end")
    void notWellFormed(String text) {
        assertThat(TopicFilter.parse(text)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new TopicFilter(text));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"$share/g/t, true", "$share, true", "$share/, true", "$shared/t, false", "a/$share/g, false"})
    @DisplayName("[5.0/MQTT-4.8.2-1] is meant for a Shared Subscription when it begins with $share/")
    void shared(String text, boolean shared) {
        assertThat(new TopicFilter(text).isShared()).isEqualTo(shared);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "$share,",
        "$share/,",
        "$share/g,",
        "$share//t,",
        "$share/g/,",
        "$share/+/t,",
        "$share/#,",
        "$shared/g/t,",
        "$share/g/#,           '#'",
        "$share/g/a/+/b,       a/+/b",
        "$share/g//,           /",
    })
    @DisplayName("[5.0/MQTT-4.8.2-1] [5.0/MQTT-4.8.2-2] of a Shared Subscription has a name and a filter")
    void ofSharedSubscription(String text, String filter) {
        assertThat(new TopicFilter(text).ofSharedSubscription().map(TopicFilter::value))
                .isEqualTo(Optional.ofNullable(filter));
    }

    @Test
    @DisplayName("[3.1.1/MQTT-4.7.3-3] [5.0/MQTT-4.7.3-3] of 65,535 bytes matches without a deeper stack")
    void longest() {
        String slashes = "/".repeat(65_535);

        assertThat(new TopicFilter("+/".repeat(32_767) + "#").matches(new TopicName(slashes)))
                .isTrue();
        assertThat(new TopicFilter(slashes).matches(new TopicName(slashes))).isTrue();
        assertThat(TopicFilter.parse(slashes + "/")).isEmpty();
    }
}

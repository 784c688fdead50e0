// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Input: lines of UTF-8, a Topic Name and then Topic Filters or patterns of routes. */
@DisplayName("Topics of any text")
class TopicsFuzz {

    static Stream<Arguments> seeds() {
        return Stream.of(
                seed("wildcards", "a/b\na/b\na/+\na/#\n#\n+/b\n+/+/#\na/c\na/b/c\n$SYS/#"),
                seed("a reserved topic", "$SYS/x\n#\n+/x\n$SYS/#\n$SYS/+"),
                seed("patterns", "sensors/hall/d1\nsensors/{site}/{device}\n{a}/#\n{a}/{a}/x\nx{a}\n+/{device}"),
                seed(
                        "shared",
                        "a\n$share\n$share/\n$share/g\n$share//t\n$share/g+/t\n$share/g/\n$share/g/#\n$share/g/a"),
                seed("empty and misplaced levels", "//\n//\n+/+/+\n/#\n\na/#/b\na+\n#/\n/+/"),
                seed("many levels", "/".repeat(40) + "\n" + "/+".repeat(39) + "/\n" + "/".repeat(40) + "#"),
                seed("characters", "é€\uD83D\uDE80\n+\n\uFFFE\nx\0\nx\u0001\nx\u0080"));
    }

    private static Arguments seed(String name, String lines) {
        return arguments(named(name, lines.getBytes(StandardCharsets.UTF_8)));
    }

    @DisplayName("are taken, matched and captured as the specification defines it, one by one and in the index")
    @MethodSource("seeds")
    @FuzzTest
    void matching(byte[] input) {
        List<String> lines = List.of(new String(input, StandardCharsets.UTF_8).split("\n", -1));
        Optional<TopicName> topic = TopicName.parse(lines.get(0));
        assertThat(topic.isPresent()).isEqualTo(NaiveTopics.isName(lines.get(0)));
        List<TopicFilter> filters = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            Optional<TopicFilter> filter = TopicFilter.parse(line);
            assertThat(filter.isPresent()).as(line).isEqualTo(NaiveTopics.isFilter(line));
            filter.ifPresent(filters::add);
            filter.ifPresent(each -> assertThat(each.ofSharedSubscription().map(TopicFilter::value))
                    .isEqualTo(NaiveTopics.sharedFilter(line)));
            topic.ifPresent(name -> checkPattern(line, name));
        }
        topic.ifPresent(name -> checkMatching(name, filters));
    }

    private static void checkMatching(TopicName topic, List<TopicFilter> filters) {
        Router<Integer, List<Integer>> router = new Router<>(List::copyOf);
        for (int i = 0; i < filters.size(); i++) {
            TopicFilter filter = filters.get(i);
            assertThat(filter.matches(topic)).as(filter.value()).isEqualTo(NaiveTopics.matches(filter, topic));
            router.add(filter, i);
        }

        assertThat(router.audienceOf(topic)).containsExactlyInAnyOrderElementsOf(expected(topic, filters, 1));
        for (int i = 1; i < filters.size(); i += 2) {
            router.remove(filters.get(i), i);
        }
        assertThat(router.audienceOf(topic)).containsExactlyInAnyOrderElementsOf(expected(topic, filters, 2));
    }

    /** The numbers of every filter, or of every second one, that matches. */
    private static List<Integer> expected(TopicName topic, List<TopicFilter> filters, int step) {
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < filters.size(); i += step) {
            if (NaiveTopics.matches(filters.get(i), topic)) {
                expected.add(i);
            }
        }
        return expected;
    }

    private static void checkPattern(String text, TopicName topic) {
        TopicPattern pattern;
        try {
            pattern = TopicPattern.fromText(text);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageNotContaining("null");
            return;
        }
        List<String> levels = NaiveTopics.levels(text);
        assertThat(pattern.names())
                .isEqualTo(levels.stream()
                        .filter(level -> level.startsWith("{"))
                        .map(level -> level.substring(1, level.length() - 1))
                        .toList());
        if (pattern.filter().matches(topic)) {
            for (String name : pattern.names()) {
                String level = NaiveTopics.levels(topic.value()).get(levels.indexOf("{" + name + "}"));
                assertThat(pattern.capture(name, topic)).isEqualTo(level);
            }
        }
    }
}

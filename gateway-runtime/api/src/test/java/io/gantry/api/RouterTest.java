// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The router")
class RouterTest {
    private final Router<String, List<String>> router = new Router<>(List::copyOf);

    @Test
    @DisplayName("finds every entry whose filter matches")
    void findsAll() {
        for (String filter : List.of("a/b", "a/+", "a/#", "#", "+/b", "+/+/#", "a/c", "a/b/c", "$SYS/#")) {
            router.add(new TopicFilter(filter), filter);
        }

        assertThat(found("a/b")).containsExactlyInAnyOrder("a/b", "a/+", "a/#", "#", "+/b", "+/+/#");
        assertThat(found("a")).containsExactlyInAnyOrder("a/#", "#");
    }

    @Test
    @DisplayName("[5.0/MQTT-4.7.2-1] keeps topics that begin with $ from filters that begin with a wildcard")
    void reserved() {
        for (String filter : List.of("#", "+/x", "$SYS/#", "$SYS/+")) {
            router.add(new TopicFilter(filter), filter);
        }

        assertThat(found("$SYS/x")).containsExactlyInAnyOrder("$SYS/#", "$SYS/+");
    }

    @Test
    @DisplayName("forgets what it found when an entry comes or goes")
    void changes() {
        router.add(new TopicFilter("a/#"), "first");
        assertThat(found("a/b")).containsExactly("first");

        router.add(new TopicFilter("a/+"), "second");
        assertThat(found("a/b")).containsExactlyInAnyOrder("first", "second");
        router.remove(new TopicFilter("a/#"), "first");
        router.remove(new TopicFilter("a/x/y"), "never there");

        assertThat(found("a/b")).containsExactly("second");
    }

    @Test
    @DisplayName("keeps what a change of a filter without wildcards cannot touch, and nothing else")
    void keepsTheRest() {
        router.add(new TopicFilter("a/#"), "all");
        List<String> before = found("a/b");
        List<String> other = found("a/c");

        router.add(new TopicFilter("a/b"), "one");

        assertThat(found("a/c")).isSameAs(other);
        assertThat(found("a/b")).containsExactlyInAnyOrder("all", "one");
        router.remove(new TopicFilter("a/b"), "one");
        assertThat(found("a/c")).isSameAs(other);
        assertThat(found("a/b")).isEqualTo(before);
        router.add(new TopicFilter("+/c"), "some");
        assertThat(found("a/c")).containsExactlyInAnyOrder("all", "some");
    }

    @Test
    @DisplayName("keeps each of any number of entries of one filter once, in the order they came")
    void crowd() {
        List<String> crowd = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            router.add(new TopicFilter("a/+"), "entry" + i);
            router.add(new TopicFilter("a/+"), "entry" + i / 2);
            crowd.add("entry" + i);
        }
        assertThat(found("a/b")).isEqualTo(crowd);

        for (int i = 0; i < 999; i++) {
            router.remove(new TopicFilter("a/+"), "entry" + i);
        }

        assertThat(found("a/b")).containsExactly("entry999");
        router.remove(new TopicFilter("a/+"), "entry999");
        assertThat(found("a/b")).isEmpty();
    }

    @Test
    @DisplayName("agrees with the definition of matching on random filters and topics (seed 42)")
    void agreesWithTheDefinition() {
        Random random = new Random(42);
        List<TopicFilter> filters = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            TopicFilter filter = TopicFilter.parse(randomLevels(random, true)).orElseThrow();
            filters.add(filter);
            router.add(filter, filter.value());
        }

        for (int i = 0; i < 2_000; i++) {
            TopicName topic = new TopicName(randomLevels(random, false));
            List<String> expected = filters.stream()
                    .distinct()
                    .filter(filter -> filter.matches(topic))
                    .map(TopicFilter::value)
                    .toList();
            assertThat(router.audienceOf(topic)).as(topic.value()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    @DisplayName("takes a topic and filters of more than 30,000 levels on a stack of 256 KiB [A19]")
    void deep() throws InterruptedException {
        String deep = "/".repeat(60_000);
        String wild = "+/".repeat(30_000) + "#";
        List<List<String>> found = new ArrayList<>();

        Thread small = new Thread(null, () -> addAndFind(deep, wild, found), "small stack", 256 * 1024);
        small.start();
        small.join();

        assertThat(found).hasSize(2);
        assertThat(found.get(0)).containsExactlyInAnyOrder(deep, wild);
        assertThat(found.get(1)).containsExactly(wild);
        assertThat(new TopicFilter(wild).matches(new TopicName(deep))).isTrue();
    }

    private void addAndFind(String deep, String wild, List<List<String>> found) {
        router.add(new TopicFilter(deep), deep);
        router.add(new TopicFilter(wild), wild);
        found.add(found(deep));
        router.remove(new TopicFilter(deep), deep);
        found.add(found(deep));
    }

    @Test
    @DisplayName(
            "finds each of 16,384 filters that all match one topic once, and half of them, or none, for others [A41]")
    void bomb() {
        for (int number = 0; number < 1 << 14; number++) {
            router.add(new TopicFilter(variant(number)), variant(number));
        }

        assertThat(found(variant(0))).hasSize(1 << 14).doesNotHaveDuplicates();
        assertThat(found("y" + variant(0).substring(1))).hasSize(1 << 13).allMatch(filter -> filter.startsWith("+"));
        assertThat(found("x/y")).isEmpty();
    }

    /** Fourteen levels, each x or a wildcard as the bits of the number say. */
    private static String variant(int number) {
        StringBuilder filter = new StringBuilder();
        for (int level = 0; level < 14; level++) {
            filter.append(level == 0 ? "" : "/").append((number >> level & 1) == 0 ? "x" : "+");
        }
        return filter.toString();
    }

    private List<String> found(String topic) {
        return router.audienceOf(new TopicName(topic));
    }

    private static String randomLevels(Random random, boolean wildcards) {
        List<String> levels = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(wildcards ? 6 : 4);
            levels.add(
                    switch (kind) {
                        case 0 -> "a";
                        case 1 -> "b";
                        case 2 -> i == 0 ? "$x" : "c";
                        case 3 -> "";
                        case 4 -> "+";
                        default -> i == count - 1 ? "#" : "+";
                    });
        }
        String text = String.join("/", levels);
        return text.isEmpty() ? "a" : text;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The checker of the crash programme")
class CheckerTest {
    private static final Map<String, Predicate<String>> TARGETS =
            Map.of("kafka", topic -> topic.startsWith("t/"), "http", topic -> topic.equals("t/both"));
    private static final Promise AT_LEAST_ONCE = Promise.atLeastOnce(TARGETS, 2);
    private static final Promise EXACTLY_ONCE = Promise.exactlyOnce(TARGETS);

    private final History history = new History();
    private final List<Seen> kafka = new ArrayList<>();
    private final List<Seen> http = new ArrayList<>();

    @BeforeEach
    void tenMessagesThatAreWhereTheyShouldBe() {
        for (int number = 1; number <= 10; number++) {
            publish(new Stamp("a", number), number % 3, number % 2 == 0 ? "t/both" : "t/kafka");
        }
    }

    private void publish(Stamp stamp, int qos, String topic) {
        Seen seen = Seen.of(stamp.payload(), topic, "id" + stamp.number());
        history.published(new Published(stamp, qos, topic, seen.digest()));
        if (qos > 0) {
            history.acknowledged(stamp);
        }
        kafka.add(seen);
        if (topic.equals("t/both")) {
            http.add(seen);
        }
    }

    private Verdict verdict(Promise promise) {
        history.seen("kafka", kafka);
        history.seen("http", http);
        return Checker.check(history, promise);
    }

    private void startWithBooksOfHttp() {
        history.started();
        history.books("http", new Books(5, 5, 0, 0, 0, 0));
    }

    private void assertOnly(Promise promise, Breach breach, long times) {
        Verdict verdict = verdict(promise);
        assertThat(verdict.breaches()).as(verdict.toString()).containsExactly(breach);
        assertThat(verdict.times(breach)).isEqualTo(times);
    }

    @Test
    @DisplayName("finds nothing where everything came once, and says so in its line")
    void nothingWrong() {
        Verdict verdict = verdict(EXACTLY_ONCE);

        assertThat(verdict.breaches()).isEmpty();
        assertThat(verdict)
                .hasToString("acknowledged=7 lost=0 doubled=0 reordered=0 corrupted=0 misrouted=0 unaccounted=0"
                        + " stuck=0 duplicates=0 repeated=0");
    }

    @Test
    @DisplayName("finds what was acknowledged and is at none or only at one of its targets: lost")
    void lost() {
        kafka.remove(3);
        http.remove(0);

        assertOnly(AT_LEAST_ONCE, Breach.LOST, 2);
    }

    @Test
    @DisplayName("does not call lost what is among the dead letters of its target, or was never acknowledged")
    void notLost() {
        kafka.remove(3);
        history.deadLetter("kafka", new Stamp("a", 4));
        kafka.removeIf(seen -> seen.stamp().orElseThrow().number() == 3);

        assertThat(verdict(EXACTLY_ONCE).breaches()).isEmpty();
    }

    @Test
    @DisplayName("finds a dead letter of another target of no help: lost")
    void deadLetterElsewhere() {
        kafka.remove(3);
        history.deadLetter("http", new Stamp("a", 4));

        assertOnly(AT_LEAST_ONCE, Breach.LOST, 1);
    }

    @Test
    @DisplayName("counts what was sent again under its id; under exactly once that is doubled")
    void repeated() {
        kafka.add(kafka.get(3));

        assertThat(verdict(AT_LEAST_ONCE).breaches()).isEmpty();
        assertThat(verdict(AT_LEAST_ONCE).repeated()).isEqualTo(1);
        assertOnly(EXACTLY_ONCE, Breach.DOUBLED, 1);
    }

    @Test
    @DisplayName("finds more repetitions than could be under way: doubled")
    void repeatedTooOften() {
        kafka.addAll(List.of(kafka.get(3), kafka.get(3), kafka.get(4)));

        assertOnly(AT_LEAST_ONCE, Breach.DOUBLED, 1);
    }

    @Test
    @DisplayName("finds QoS 0 that came twice: doubled")
    void atMostOnce() {
        kafka.add(kafka.get(2));

        assertOnly(AT_LEAST_ONCE, Breach.DOUBLED, 1);
    }

    @Test
    @DisplayName("allows QoS 1 under a second id when its device sent it again, and only then")
    void publishedAgain() {
        kafka.add(Seen.of(new Stamp("a", 4).payload(), "t/both", "another"));
        assertOnly(AT_LEAST_ONCE, Breach.DOUBLED, 1);

        history.sentAgain();

        assertThat(verdict(EXACTLY_ONCE).breaches()).isEmpty();
        assertThat(verdict(EXACTLY_ONCE).publishedAgain()).isEqualTo(1);
    }

    @Test
    @DisplayName("finds QoS 2 under a second id, though its device sent it again: doubled")
    void takenTwice() {
        history.sentAgain();
        kafka.add(Seen.of(new Stamp("a", 5).payload(), "t/kafka", "another"));

        assertOnly(AT_LEAST_ONCE, Breach.DOUBLED, 1);
    }

    @Test
    @DisplayName("finds what came the first time after a later one of its device: reordered")
    void reordered() {
        Collections.swap(http, 1, 3);

        assertOnly(AT_LEAST_ONCE, Breach.REORDERED, 1);
    }

    @Test
    @DisplayName("lets repetitions, other devices and QoS 0 stand anywhere")
    void orderKeys() {
        publish(new Stamp("b", 1), 1, "t/kafka");
        kafka.add(kafka.get(3));
        kafka.add(0, kafka.remove(2));

        assertThat(verdict(AT_LEAST_ONCE).breaches()).isEmpty();
    }

    @Test
    @DisplayName("finds another payload, another Topic Name, and what nobody published: corrupted")
    void corrupted() {
        String payload = new Stamp("a", 4).payload();
        kafka.add(Seen.of(payload + "x", "t/both", "id4"));
        kafka.add(Seen.of(payload.substring(0, payload.length() - 1), "t/both", "id4"));
        kafka.add(Seen.of(payload, "t/kafka", "id4"));
        kafka.add(Seen.of(new Stamp("a", 11).payload(), "t/kafka", "id11"));
        kafka.add(Seen.of("", "t/kafka", "id12"));

        assertOnly(AT_LEAST_ONCE, Breach.CORRUPTED, 5);
    }

    @Test
    @DisplayName("finds what came to a target that its route does not lead to: misrouted")
    void misrouted() {
        http.add(0, kafka.get(0));

        assertOnly(AT_LEAST_ONCE, Breach.MISROUTED, 1);
    }

    @Test
    @DisplayName("finds books that do not close, at any reading: unaccounted")
    void booksDoNotClose() {
        startWithBooksOfHttp();
        history.started();
        history.books("kafka", new Books(7, 3, 0, 0, 0, 3));
        history.books("kafka", new Books(10, 10, 0, 0, 0, 0));

        assertOnly(AT_LEAST_ONCE, Breach.UNACCOUNTED, 1);
    }

    @Test
    @DisplayName("finds a gateway that was started and has no books of a target: unaccounted")
    void noBooks() {
        history.started();
        history.books("kafka", new Books(10, 10, 0, 0, 0, 0));

        assertOnly(AT_LEAST_ONCE, Breach.UNACCOUNTED, 1);
    }

    @Test
    @DisplayName("finds books that tell of more deliveries than there were: unaccounted")
    void deliveredTooMuch() {
        startWithBooksOfHttp();
        history.books("kafka", new Books(11, 11, 0, 0, 0, 0));

        assertOnly(AT_LEAST_ONCE, Breach.UNACCOUNTED, 1);
    }

    @Test
    @DisplayName("finds books of an uninterrupted run that tell of fewer messages than were acknowledged: unaccounted")
    void acceptedTooLittle() {
        startWithBooksOfHttp();
        history.books("kafka", new Books(6, 6, 0, 0, 0, 0));

        assertOnly(AT_LEAST_ONCE, Breach.UNACCOUNTED, 1);
    }

    @Test
    @DisplayName("finds a target that did not get the last messages in all the time it was given: stuck")
    void notDrained() {
        history.stuck("kafka");

        assertOnly(AT_LEAST_ONCE, Breach.STUCK, 1);
    }

    @Test
    @DisplayName("finds what still waits at the end: stuck")
    void stuck() {
        startWithBooksOfHttp();
        history.books("kafka", new Books(10, 8, 0, 0, 0, 2));

        assertOnly(AT_LEAST_ONCE, Breach.STUCK, 2);
    }
}

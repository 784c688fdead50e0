// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import static io.gantry.mqtt.session.SessionsUnderTest.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;
import io.gantry.mqtt.TestLimits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Sessions beside a model of a device")
class SessionModelTest {
    private static final int SEEDS = 3_000;
    private static final int STEPS = 150;

    @Test
    @DisplayName(
            "[5.0/MQTT-4.3.2-1] [5.0/MQTT-4.3.3-1] lose nothing and double no QoS 2 message, both ways, whatever connection is lost when")
    void againstTheModel() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Play play = new Play(seed, false);
            try {
                play.play();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-4.4.0-1] lose nothing and double no QoS 2 message when the gateway is killed, whenever that is")
    void withKills() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Play play = new Play(seed, true);
            try {
                play.play();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    /** Two devices, a route that takes its time, and what must have come where. */
    private static final class Play {
        private final Random random;
        private final SessionsUnderTest sessions = new SessionsUnderTest(TestLimits.withWindows(1_000, 3));
        private final boolean kills;
        private final List<UnderWay> underWay = new ArrayList<>();
        private final Set<String> mayBeTwice = new HashSet<>();
        private final List<String> uplinked = new ArrayList<>();
        private final List<Integer> answers = new ArrayList<>();
        private final ModelDevice first = new ModelDevice(sessions, "d1");
        private final ModelDevice second = new ModelDevice(sessions, "d2");
        private final List<String> once = new ArrayList<>();
        private final Set<String> atLeastOnce = new LinkedHashSet<>();
        private int published;

        private record UnderWay(String text, Acknowledgement acknowledgement) {}

        Play(int seed, boolean kills) {
            this.random = new Random(seed);
            this.kills = kills;
            addRoute();
            first.session().subscribe(request("down", Qos.EXACTLY_ONCE), 0);
            second.session().subscribe(request("down", Qos.AT_LEAST_ONCE), 0);
            first.session().saved(() -> {});
            second.session().saved(() -> {});
        }

        private void addRoute() {
            sessions.distributor.addUplink(new TopicFilter("up"), (message, acknowledgement) -> {
                uplinked.add(message.payload().asText());
                underWay.add(new UnderWay(message.payload().asText(), acknowledgement));
            });
        }

        /** What the route had not confirmed is not confirmed any more, so the devices send it again. */
        private void kill() {
            underWay.forEach(message -> mayBeTwice.add(message.text()));
            underWay.clear();
            sessions.dieAndStartAgain();
            first.loseGateway();
            second.loseGateway();
            addRoute();
        }

        void play() {
            for (int i = 0; i < STEPS; i++) {
                step(random.nextBoolean() ? first : second);
            }
            finish();
            check();
        }

        private void step(ModelDevice device) {
            switch (random.nextInt(kills ? 13 : 12)) {
                case 12 -> kill();
                case 0 -> device.connectAgain();
                case 1 -> {
                    if (device.isConnected()) {
                        device.loseConnection();
                    }
                }
                case 2, 3, 4 -> publishDown();
                case 5, 6 -> {
                    if (device.isConnected()) {
                        device.publish(randomQos(), "up-" + published++);
                    }
                }
                case 7 -> answerOne(kills && random.nextInt(4) == 0);
                default -> device.readOne();
            }
            sessions.run();
        }

        private Qos randomQos() {
            return random.nextBoolean() ? Qos.AT_LEAST_ONCE : Qos.EXACTLY_ONCE;
        }

        private void publishDown() {
            Qos qos = randomQos();
            String text = "down-" + published++;
            if (qos == Qos.EXACTLY_ONCE) {
                once.add(text);
            } else {
                atLeastOnce.add(text);
            }
            int number = answers.size();
            answers.add(0);
            sessions.distributor.fromRoute(
                    sessions.message("down", qos, false, MessageProperties.NONE, text),
                    delivery -> answers.set(number, answers.get(number) + 1));
        }

        private void answerOne(boolean dies) {
            if (!underWay.isEmpty()) {
                UnderWay message = underWay.remove(random.nextInt(underWay.size()));
                message.acknowledgement().complete(Delivery.accepted());
                if (!dies) {
                    sessions.run();
                } else {
                    // confirmed by the route, and the gateway dies before it can tell the device
                    mayBeTwice.add(message.text());
                    kill();
                }
            }
        }

        private void finish() {
            first.connectAgain();
            second.connectAgain();
            boolean more = true;
            while (more) {
                answerOne(false);
                sessions.run();
                boolean firstRead = first.readOne();
                boolean secondRead = second.readOne();
                more = firstRead || secondRead || !underWay.isEmpty();
            }
        }

        private void check() {
            assertThat(first.takenOnce).containsExactlyElementsOf(once);
            assertThat(first.takenAtLeastOnce).containsExactlyElementsOf(atLeastOnce);
            List<String> all = new ArrayList<>(once);
            all.addAll(atLeastOnce);
            assertThat(second.takenAtLeastOnce).containsExactlyInAnyOrderElementsOf(all);
            assertThat(answers).allMatch(times -> times == 1);
            for (ModelDevice device : List.of(first, second)) {
                assertThat(device.isFinished()).isTrue();
                assertThat(device.session().unfinished()).isZero();
                assertThat(device.sentOnce)
                        .allMatch(text -> Collections.frequency(uplinked, text) == 1 || mayBeTwice.contains(text));
                assertThat(uplinked).containsAll(device.sentOnce);
                assertThat(uplinked).containsAll(device.sentAtLeastOnce);
            }
        }
    }
}

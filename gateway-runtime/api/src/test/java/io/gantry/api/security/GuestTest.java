// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A caller under security:")
class GuestTest {
    private static final TopicName TOPIC = new TopicName("a/b");

    /** Allows what is in the set. */
    private record Only(Set<String> allowed) implements Permissions {

        @Override
        public boolean mayPublish(TopicName topic) {
            return allowed.contains("publish");
        }

        @Override
        public boolean maySubscribe(TopicFilter filter) {
            return allowed.contains("subscribe") && filter.value().equals(TOPIC.value());
        }

        @Override
        public boolean mayReceive(TopicName topic) {
            if (allowed.contains("fail")) {
                throw new IllegalStateException("a rule failed");
            }
            return allowed.contains("receive");
        }
    }

    /** Allows one topic each way. */
    private record At(String published, String received) implements Permissions {

        @Override
        public boolean mayPublish(TopicName topic) {
            return topic.value().equals(published);
        }

        @Override
        public boolean maySubscribe(TopicFilter filter) {
            return false;
        }

        @Override
        public boolean mayReceive(TopicName topic) {
            return topic.value().equals(received);
        }
    }

    private static Message message(@Nullable TopicName responseTopic) {
        return new Message(
                new MessageId.Sequence(1, 1).next(),
                TOPIC,
                Payload.EMPTY,
                Qos.AT_LEAST_ONCE,
                false,
                new MessageProperties(null, null, null, responseTopic, null, List.of()),
                new Origin.Device(new ClientId("c"), "ann"),
                0);
    }

    private static Guest guest(String... allowed) {
        return new Guest("ann", new Only(Set.of(allowed)), Identity.WITHOUT_END);
    }

    @Test
    @DisplayName("reads what he may both subscribe to and receive")
    void reads() {
        assertThat(guest("subscribe", "receive").mayRead(TOPIC)).isTrue();
        assertThat(guest("subscribe").mayRead(TOPIC)).isFalse();
        assertThat(guest("receive").mayRead(TOPIC)).isFalse();
        assertThat(guest("subscribe", "receive").mayPublish(message(null))).isFalse();
        assertThat(guest("subscribe", "fail").mayRead(TOPIC))
                .as("a rule that fails allows nothing")
                .isFalse();
    }

    @Test
    @DisplayName("may nothing any more when the proof of who he is has ended")
    void ended() {
        Permissions all = new Only(Set.of("publish", "subscribe", "receive"));

        assertThat(new Guest(null, all, System.currentTimeMillis() - 1).mayPublish(message(null)))
                .isFalse();
        assertThat(new Guest(null, all, System.currentTimeMillis() + 600_000).mayPublish(message(null)))
                .isTrue();
    }

    @Test
    @DisplayName(
            "asks for an answer only where he could read it or publish it himself: others answer with their rights")
    void responseTopic() {
        Message request = message(new TopicName("commands/pump-8"));

        assertThat(new Guest("ann", new At("a/b", ""), Identity.WITHOUT_END).mayPublish(request))
                .isFalse();
        assertThat(new Guest("ann", new At("a/b", "commands/pump-8"), Identity.WITHOUT_END).mayPublish(request))
                .isTrue();
        assertThat(guest("publish").mayPublish(request)).isTrue();
    }

    @Test
    @DisplayName("publishes where he may, and is refused elsewhere")
    void publishes() {
        List<Message> taken = new ArrayList<>();
        List<Delivery> told = new ArrayList<>();
        Message message = message(null);

        guest("publish").publisher((offered, then) -> taken.add(offered)).offer(message, told::add);
        guest().publisher((offered, then) -> taken.add(offered)).offer(message, told::add);

        assertThat(taken).containsExactly(message);
        assertThat(told).singleElement().isInstanceOfSatisfying(Delivery.Rejected.class, refused -> assertThat(
                        refused.code())
                .isEqualTo(ReasonCode.NOT_AUTHORIZED));
    }
}

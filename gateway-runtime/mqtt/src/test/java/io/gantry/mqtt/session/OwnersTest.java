// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.security.Identity;
import io.gantry.api.security.Permissions;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.packet.Will;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("After a restart a session")
class OwnersTest {
    private static final ClientId PUMP = new ClientId("pump");
    private static final Identity ANN =
            new Identity("ann", Set.of("device"), Map.of("claim.site", "north"), 1_800_000_000_001L);

    private final SessionsUnderTest sessions = new SessionsUnderTest(TestLimits.defaults());
    private final List<Message> published = new ArrayList<>();
    private final List<Identity> asked = new ArrayList<>();

    /** Of role and topic: what each may publish and receive. */
    private final Set<String> allowed = new HashSet<>(Set.of("device wills/pump", "device a"));

    @BeforeEach
    void rules() {
        sessions.access = (identity, clientId) -> {
            asked.add(identity);
            return new Permissions() {
                @Override
                public boolean mayPublish(TopicName topic) {
                    return identity.roles().stream().anyMatch(role -> allowed.contains(role + " " + topic.value()));
                }

                @Override
                public boolean maySubscribe(TopicFilter filter) {
                    return true;
                }

                @Override
                public boolean mayReceive(TopicName topic) {
                    return mayPublish(topic);
                }
            };
        };
    }

    private void restart() {
        asked.clear();
        sessions.dieAndStartAgain();
        sessions.distributor.addUplink(new TopicFilter("wills/#"), (message, acknowledgement) -> {
            published.add(message);
            acknowledgement.complete(Delivery.accepted());
        });
    }

    private static Will will(long delaySeconds) {
        return new Will(
                new TopicName("wills/pump"),
                Payload.ofText("lost"),
                Qos.AT_LEAST_ONCE,
                false,
                delaySeconds,
                MessageProperties.NONE);
    }

    private boolean isAnothers(@Nullable String username) {
        return sessions.home.isAnothers(PUMP, username);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("is still his who made it, whether he was connected or away [A35]")
    void owner(boolean connected) {
        Session session = sessions.connectAs(ANN, "pump", will(500));
        if (!connected) {
            sessions.leave(session, 1_000);
        }

        restart();

        assertThat(isAnothers("bob")).isTrue();
        assertThat(isAnothers(null)).isTrue();
        assertThat(isAnothers("ann")).isFalse();
        restart();
        assertThat(isAnothers("bob")).isTrue();
    }

    @Test
    @DisplayName("of nobody may be anybody's, and its will is published as it was allowed")
    void nobodys() {
        sessions.connectAs(null, "pump", will(10));
        allowed.clear();

        restart();
        sessions.pass(10);

        assertThat(isAnothers("bob")).isFalse();
        assertThat(published).hasSize(1);
        assertThat(asked).isEmpty();
    }

    @Test
    @DisplayName("has a will that is published when its owner, as he was known, still may")
    void willAllowed() {
        sessions.connectAs(ANN, "pump", will(10));

        restart();
        sessions.pass(10);

        assertThat(asked).containsExactly(ANN.withoutEnd());
        assertThat(published).extracting(Message::origin).containsExactly(new Origin.Device(PUMP, "ann"));
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 500})
    @DisplayName("has a will that is not published, then or later, once its owner may not [A43]")
    void willForbidden(long delaySeconds) {
        Session session = sessions.connectAs(ANN, "pump", will(delaySeconds));
        sessions.home.disconnected(session, will(delaySeconds), new Origin.Device(PUMP, "ann"), 1_000);
        allowed.remove("device wills/pump");

        restart();
        sessions.pass(delaySeconds);

        assertThat(published).isEmpty();
        assertThat(sessions.counters.of(Counter.MESSAGES_REJECTED)).isOne();
        allowed.add("device wills/pump");
        restart();
        sessions.pass(1_000);
        assertThat(published).isEmpty();
    }

    @Test
    @DisplayName("gets no messages into its queue that its owner may not receive [A43]")
    void queue() {
        Session session = sessions.connectAs(ANN, "pump", will(500));
        session.subscribe(SessionsUnderTest.request("#", Qos.AT_LEAST_ONCE), 0);
        session.saved(() -> {});
        sessions.run();
        restart();

        sessions.distributor.fromRoute(sessions.message("forbidden", Qos.AT_LEAST_ONCE), outcome -> {});
        sessions.distributor.fromRoute(sessions.message("a", Qos.AT_LEAST_ONCE), outcome -> {});
        sessions.run();

        assertThat(sessions.store.queued()).isOne();
        assertThat(sessions.counters.of(Counter.MESSAGES_DROPPED_NOT_ALLOWED)).isOne();
    }

    @Test
    @DisplayName("of somebody with roles that fill a book is still his, and he has none of them until he logs in")
    void bounded() {
        Set<String> roles = new HashSet<>(Set.of("device"));
        for (int i = 0; i < 70; i++) {
            roles.add(i + "x".repeat(1_000));
        }
        sessions.connectAs(new Identity("ann", roles, Map.of(), Identity.WITHOUT_END), "pump", will(10));
        assertThat(sessions.store.stored().get(0).owner()).isEqualTo(Identity.named("ann"));

        restart();
        sessions.pass(10);

        assertThat(isAnothers("bob")).isTrue();
        assertThat(isAnothers("ann")).isFalse();
        assertThat(published).isEmpty();
    }
}

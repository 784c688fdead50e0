// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.ClientId;
import io.gantry.mqtt.BanList.Ban;
import io.gantry.mqtt.BanList.Kind;
import io.gantry.mqtt.BanList.Subject;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.session.Counter;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A device that connects and is gone again, over and over,")
class FlappingTest {
    private static final String HERE = "192.0.2.1";
    private static final LimitSettings AS_OFTEN_AS_IT_LIKES = TestLimits.with("maxConnectsPerMinute", 0);

    private final TestGates gates = new TestGates();
    private TestServer server = new TestServer(AS_OFTEN_AS_IT_LIKES);

    @AfterEach
    void close() {
        assertThat(server.faults).isEmpty();
        server.close();
    }

    private void startWith(LimitSettings limits) {
        server.close();
        server = new TestServer(limits, gates.with(Map.of()));
    }

    private TestDevice comes(String address, String clientId) {
        return server.acceptsFrom(address, V5).sends(Connecting.of(V5, clientId).bytes());
    }

    private void isLetIn(String address, String clientId) {
        TestDevice device = comes(address, clientId);
        assertThat(device.hears()).singleElement().asString().startsWith("CONNACK 00");
        server.pass(1_000);
        device.vanishes();
    }

    private void isBanned(String address, String clientId) {
        TestDevice device = comes(address, clientId);
        assertThat(device.hears()).containsExactly("CONNACK 8A");
        assertThat(device.isOpen()).isFalse();
    }

    private void flaps(int times, String address, String clientId) {
        for (int i = 0; i < times; i++) {
            comes(address, clientId).vanishes();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("more than 50 times in a minute, is banned at its address for five minutes, and nobody else is [A35]")
    void banned(ProtocolVersion version) {
        for (int i = 0; i < 51; i++) {
            TestDevice device = server.acceptsFrom(HERE, version)
                    .sends(Connecting.of(version, "d1").bytes());
            assertThat(device.hears()).singleElement().asString().startsWith("CONNACK 00");
            device.sends("E000");
        }

        assertThat(server.acceptsFrom(HERE, version)
                        .sends(Connecting.of(version, "d1").bytes())
                        .hears())
                .containsExactly(version == V5 ? "CONNACK 8A" : "CONNACK 05");
        isLetIn(HERE, "d2");
        isLetIn("192.0.2.2", "d1");
        assertThat(server.count(Counter.FLAPPING_BANNED)).isOne();
        assertThat(server.count(Counter.CONNECTS_BANNED)).isOne();
        assertThat(server.bans.list()).singleElement().satisfies(ban -> {
            assertThat(ban.subject()).isEqualTo(new Subject(Kind.CLIENT_AT_ADDRESS, "d1@192.0.2.1"));
            assertThat(ban.untilMillis() - ban.sinceMillis()).isEqualTo(300_000);
            assertThat(ban.automatic()).isTrue();
        });

        server.pass(300_000);
        isLetIn(HERE, "d1");
    }

    @Test
    @DisplayName(
            "is not banned at 50 times in each minute, nor when it stays for a second, nor when it sleeps in between")
    void notBanned() {
        for (int minute = 0; minute < 3; minute++) {
            flaps(50, HERE, "d1");
            server.pass(60_000);
        }
        for (int i = 0; i < 60; i++) {
            isLetIn(HERE, "stays");
        }
        for (int i = 0; i < 120; i++) {
            flaps(1, HERE, "sleeps");
            server.pass(60_000);
        }

        assertThat(server.bans.list()).isEmpty();
    }

    @Test
    @DisplayName("is not all the devices behind its address, however many connect and go in a minute")
    void sharedAddress() {
        for (int i = 0; i < 1_000; i++) {
            flaps(1, HERE, "d" + i);
            flaps(1, HERE, "");
        }

        assertThat(server.bans.list()).isEmpty();
    }

    @Test
    @DisplayName(
            "goes on when it is refused for connecting too often, and then is banned; who is connected stays [A35]")
    void refusedTooOften() {
        startWith(TestLimits.with("maxConnectsPerMinute", 2));
        comesAs("ann", "d1");
        TestDevice connected = comesAs("ann", "d1");
        for (int i = 0; i < 50; i++) {
            assertThat(comesAs("ann", "d1").hears()).containsExactly("CONNACK 9F");
        }

        assertThat(comesAs("ann", "d1").hears()).containsExactly("CONNACK 8A");
        assertThat(connected.isOpen()).isTrue();
        assertThat(server.count(Counter.CONNECT_RATE_EXCEEDED)).isEqualTo(50);
        assertThat(server.count(Counter.FLAPPING_BANNED)).isOne();
    }

    @Test
    @DisplayName("is told so before it proves who it is, so that no password is looked at")
    void beforeTheProof() {
        startWith(AS_OFTEN_AS_IT_LIKES);
        for (int i = 0; i < 51; i++) {
            comesAs("ann", "d1").vanishes();
        }
        gates.lastShown.clear();

        assertThat(comesAs("ann", "d1").hears()).containsExactly("CONNACK 8A");
        assertThat(gates.lastShown.get()).isNull();
    }

    @Test
    @DisplayName("under a name of which the session is another user's, has nobody banned")
    void anothersName() {
        startWith(AS_OFTEN_AS_IT_LIKES);
        TestDevice owner = comesAs("ann", "d1");
        for (int i = 0; i < 60; i++) {
            comesAs("bob", "d1");
        }

        assertThat(server.bans.list()).isEmpty();
        assertThat(owner.isOpen()).isTrue();
    }

    private TestDevice comesAs(String user, String clientId) {
        return server.acceptsFrom(HERE, V5)
                .sends(Connecting.of(V5, clientId).user(user, user).bytes());
    }

    @Test
    @DisplayName("is not banned when the settings say 0, and is let in again when somebody takes the ban off the list")
    void off() {
        flaps(51, HERE, "d@1");
        isBanned(HERE, "d@1");
        assertThat(server.bans.remove(new Subject(Kind.CLIENT_AT_ADDRESS, "d@1@192.0.2.1")))
                .isTrue();
        isLetIn(HERE, "d@1");

        server.close();
        server = new TestServer(TestLimits.with(AS_OFTEN_AS_IT_LIKES, "maxFlapsPerMinute", 0));
        flaps(200, HERE, "d1");
        assertThat(server.bans.list()).isEmpty();
    }

    @Test
    @DisplayName("under ever other names, leaves room on the list for other bans")
    void room() {
        startWith(TestLimits.with(AS_OFTEN_AS_IT_LIKES, "maxFlapsPerMinute", 1));
        for (int i = 0; i < 5_010; i++) {
            server.bans.addAutomatically(new Subject(Kind.CLIENT_AT_ADDRESS, "d" + i + "@192.0.2.1"), 60_000);
        }

        assertThat(server.bans.list()).hasSize(5_000);
        server.bans.add(new Subject(Kind.USERNAME, "mallory"), Ban.WITHOUT_END);
        server.bans.addAutomatically(new Subject(Kind.ADDRESS, "192.0.2.9"), 60_000);
        assertThat(server.bans.list()).hasSize(5_002);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "@192.0.2.1", "d1@", "d1@gateway.example"})
    @DisplayName("is named by its Client Identifier and an address, and by nothing else")
    void noName(String text) {
        assertThatThrownBy(() -> new Subject(Kind.CLIENT_AT_ADDRESS, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must be ");
        assertThat(new Subject(Kind.CLIENT_AT_ADDRESS, new ClientId("d1").value() + "@2001:db8::7").value())
                .isEqualTo("d1@2001:db8::/64");
    }
}

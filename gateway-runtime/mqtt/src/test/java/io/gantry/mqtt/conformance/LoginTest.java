// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Origin;
import io.gantry.api.security.AuthenticationMethod.Outcome;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Identity;
import io.gantry.api.store.StoredSession;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.session.Counter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A CONNECT with user name and password")
class LoginTest {
    private static final long START = 1_800_000_000_000L;
    private final TestGates gates = new TestGates();
    private final TestServer server = new TestServer(
            TestLimits.defaults(),
            gates.with(Map.of(
                    "token",
                    claim -> data -> CompletableFuture.completedFuture(
                            new Outcome.Success(null, gates.identity(String.valueOf(claim.username())))))));

    @AfterEach
    void close() {
        assertThat(server.faults).isEmpty();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("that are right is let in under the name that the authenticator found")
    void letIn(ProtocolVersion version) {
        server.route("a");
        TestDevice device = server.connected(Connecting.of(version, "d1").user("ann", "ann"));
        TestDevice nameless = server.connected(Connecting.of(version, "d2").user("nameless", ""));

        device.publishes(0, 0, "a", "x");
        nameless.publishes(0, 0, "a", "x");

        assertThat(server.taken)
                .extracting(message -> ((Origin.Device) message.origin()).username())
                .containsExactly("ann", null);
    }

    @ParameterizedTest
    @CsvSource({"ann,86,04", "unknown,86,04", ",87,05", "broken,88,03", "failing,88,03"})
    @DisplayName(
            "that are wrong, unknown or missing, or of whom the authenticator fails, is refused: 0x86, 0x87 or 0x88,"
                    + " in 3.1.1 return code 4, 5 or 3; it has no effect (R18) (R20) (B20)")
    void refused(String name, String code, String returnCode) {
        server.route("#");
        TestDevice owner = server.connected(Connecting.resuming(V5, "d1").user("bob", "bob"));
        Connecting five = Connecting.of(V5, "d1").will(0, false, "w", "gone");
        Connecting three = Connecting.of(V3_1_1, "d1").will(0, false, "w", "gone");

        TestDevice device =
                server.accepts(V5).sends((name == null ? five : five.user(name, "wrong")).bytes() + "3004 0001 'a' 00");
        TestDevice older = server.accepts(V3_1_1)
                .sends((name == null ? three : three.user(name, "wrong")).bytes() + "3003 0001 'a'");
        server.pass(2_000);

        assertThat(device.hears()).containsExactly("CONNACK " + code);
        assertThat(older.hears()).containsExactly("CONNACK " + returnCode);
        assertThat(device.isOpen()).isFalse();
        assertThat(older.isOpen()).isFalse();
        assertThat(owner.sends("C000").hears()).containsExactly("PINGRESP");
        assertThat(server.taken).isEmpty();
        assertThat(server.count(Counter.AUTHENTICATIONS_FAILED)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("waits for an authenticator that takes its time; what came right behind it is taken after the CONNACK")
    void slow(ProtocolVersion version) {
        server.route("a");
        String properties = version == V5 ? "00" : "";
        TestDevice device = server.accepts(version)
                .sends(Connecting.of(version, "d1").user("slow", "").bytes()
                        + Hex.packet(0x30, "0001 'a'" + properties + "'x'"));
        assertThat(device.hears()).isEmpty();
        assertThat(server.taken).isEmpty();

        gates.slow.complete(new Verdict.Accepted(Identity.named("sam")));

        assertThat(device.hears()).singleElement().asString().startsWith("CONNACK 00");
        assertThat(server.takenTexts()).containsExactly("x");
    }

    @Test
    @DisplayName(
            "is closed when the authenticator has not answered by the deadline of CONNECT, and lets nobody in after"
                    + " it (B20) [A31]")
    void late() {
        TestDevice device = server.accepts(V5)
                .sends(Connecting.of(V5, "d1").user("slow", "").bytes());

        server.pass(10_000);
        gates.slow.complete(new Verdict.Accepted(Identity.named("sam")));

        assertThat(device.isOpen()).isFalse();
        assertThat(device.hears()).isEmpty();
        assertThat(server.count(Counter.CONNECTIONS_OPENED)).isZero();
        assertThat(server.count(Counter.AUTHENTICATIONS_FAILED)).isOne();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "is disconnected with 0x87 within two seconds of the end of its token, and its will is published (B13)")
    void proofEnds(ProtocolVersion version) {
        server.route("w");
        gates.ends.put("ann", START + 100_000);
        TestDevice device = server.connected(
                Connecting.of(version, "d1").user("ann", "ann").keepAlive(1_000).will(0, false, "w", "gone"));
        server.pass(99_000);
        assertThat(device.isOpen()).isTrue();

        server.pass(2_000);

        assertThat(device.isOpen()).isFalse();
        assertThat(device.hears().toString()).matches(version == V5 ? "\\[DISCONNECT 87.*]" : "\\[]");
        assertThat(server.takenTexts()).containsExactly("gone");
        assertThat(server.count(Counter.AUTHENTICATIONS_ENDED)).isOne();
    }

    @Test
    @DisplayName("stays when its token ends if it has authenticated again in time, until the end of the new one (B13)")
    void authenticatedAgain() {
        gates.ends.put("ann", START + 100_000);
        TestDevice device = server.connected(Connecting.of(V5, "d1")
                .with("15" + Hex.string("token"))
                .user("ann", "")
                .keepAlive(1_000));
        gates.ends.put("ann", START + 200_000);
        device.sends(Hex.packet(0xF0, "19" + Hex.properties("15" + Hex.string("token"))));
        assertThat(device.hears()).singleElement().asString().startsWith("AUTH 00");

        server.pass(199_000);
        assertThat(device.sends("C000").hears()).containsExactly("PINGRESP");
        server.pass(2_000);

        assertThat(device.hears()).singleElement().asString().startsWith("DISCONNECT 87");
    }

    @Test
    @DisplayName(
            "a token ends by the wall clock: within a minute when that is set forward, and not early when it is set"
                    + " back (F1)")
    void clockIsSet() {
        gates.ends.put("ann", START + 3_600_000);
        gates.ends.put("bob", START + 100_000);
        TestDevice forward =
                server.connected(Connecting.of(V5, "d1").user("ann", "ann").keepAlive(10_000));
        server.setClock(3_600_000);
        server.pass(60_000);
        assertThat(forward.isOpen()).isFalse();

        server.setClock(-3_660_000);
        TestDevice back =
                server.connected(Connecting.of(V5, "d2").user("bob", "bob").keepAlive(10_000));
        server.setClock(-60_000);
        server.pass(120_000);
        assertThat(back.isOpen()).isTrue();
        server.pass(60_000);
        assertThat(back.isOpen()).isFalse();
    }

    @Test
    @DisplayName("is refused when its token has ended already")
    void endedBefore() {
        gates.ends.put("ann", START);

        TestDevice device = server.accepts(V5)
                .sends(Connecting.of(V5, "d1").user("ann", "ann").bytes());

        assertThat(device.hears()).containsExactly("CONNACK 87");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a session is not taken over, resumed or ended by another user, who is refused with 0x87, and goes on"
            + " [A35]")
    void takeOver(ProtocolVersion version) {
        String refused = version == V5 ? "CONNACK 87" : "CONNACK 05";
        TestDevice owner = server.connected(Connecting.resuming(version, "d1").user("ann", "ann"));
        owner.subscribes(1, "a 01").hears();
        for (Connecting other : new Connecting[] {Connecting.of(version, "d1"), Connecting.resuming(version, "d1")}) {
            TestDevice thief =
                    server.accepts(version).sends(other.user("bob", "bob").bytes());
            assertThat(thief.hears()).containsExactly(refused);
            TestDevice nobody =
                    server.accepts(version).sends(other.user("nameless", "").bytes());
            assertThat(nobody.hears()).containsExactly(refused);
        }
        assertThat(owner.sends("C000").hears()).containsExactly("PINGRESP");
        owner.vanishes();
        server.brings("a", 1, "x");

        TestDevice thief = server.accepts(version)
                .sends(Connecting.resuming(version, "d1").user("bob", "bob").bytes());
        TestDevice back = server.accepts(version)
                .sends(Connecting.resuming(version, "d1").user("ann", "ann").bytes());

        assertThat(thief.hears()).containsExactly(refused);
        assertThat(back.hears()).last().isEqualTo("PUBLISH q1 #1 a 'x'");
        assertThat(server.count(Counter.TAKE_OVERS_REFUSED)).isEqualTo(5);
    }

    @Test
    @DisplayName("is stored with its session: who it is, without when the proof ends, and what has been proved since")
    void ownerStored() {
        gates.ends.put("ann", START + 100_000);
        TestDevice device = server.connected(Connecting.resuming(V5, "d1")
                .user("ann", "ann")
                .with("15 0005 'token'")
                .will(1, false, "w", "gone"));
        assertThat(server.store.stored()).extracting(StoredSession::owner).containsExactly(Identity.named("ann"));

        gates.roles = Set.of("device");
        device.sends("F0 0A 19 08 15 0005 'token'").hears();

        Identity owner = gates.identity("ann").withoutEnd();
        assertThat(server.store.stored()).singleElement().satisfies(session -> {
            assertThat(session.owner()).isEqualTo(owner);
            assertThat(session.will()).isNotNull();
            assertThat(session.awaySinceMillis()).isZero();
        });
        device.vanishes();
        assertThat(server.store.stored()).extracting(StoredSession::owner).containsExactly(owner);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "is disconnected with 0x87 when its user has gone or changed where the authenticator knows him from, and"
                    + " nobody else is")
    void userChanged(ProtocolVersion version) {
        TestDevice gone = server.connected(Connecting.of(version, "d1").user("ann", "ann"));
        TestDevice other = server.connected(Connecting.of(version, "ann").user("bob", "bob"));
        TestDevice nameless = server.connected(Connecting.of(version, "d3").user("nameless", ""));

        server.endsThoseOf("ann");

        assertThat(gone.isOpen()).isFalse();
        assertThat(gone.hears().toString()).matches(version == V5 ? "\\[DISCONNECT 87.*]" : "\\[]");
        assertThat(other.isOpen()).isTrue();
        assertThat(nameless.isOpen()).isTrue();
        assertThat(server.count(Counter.AUTHENTICATIONS_ENDED)).isOne();
    }

    @Test
    @DisplayName("that nobody asks for a proof of owns nothing")
    void unproved() {
        try (TestServer open = new TestServer()) {
            open.connected(Connecting.resuming(V5, "d1").user("ann", "ann"));

            assertThat(open.store.stored()).singleElement().satisfies(session -> assertThat(session.owner())
                    .isNull());
        }
    }

    @Test
    @DisplayName(
            "another user's attempts on a session do not count as its owner's, who would be kept out for connecting"
                    + " too often [A35]")
    void lockOut() {
        TestDevice owner = server.connected(Connecting.resuming(V5, "d1").user("ann", "ann"));
        for (int i = 0; i < 40; i++) {
            server.accepts(V5).sends(Connecting.of(V5, "d1").user("bob", "bob").bytes());
        }
        owner.vanishes();

        TestDevice back = server.accepts(V5)
                .sends(Connecting.resuming(V5, "d1").user("ann", "ann").bytes());

        assertThat(back.hears()).singleElement().asString().startsWith("CONNACK 00 present");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.ClientId;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Identity;
import io.gantry.mqtt.BanList.Ban;
import io.gantry.mqtt.BanList.Kind;
import io.gantry.mqtt.BanList.Subject;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.session.Counter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Who guesses passwords, or is banned,")
class BansTest {
    private static final LimitSettings LIMITS =
            TestLimits.with(TestLimits.with("maxFailedLogins", 8), "failedLoginBan", Duration.ofMinutes(3));
    private final TestGates gates = new TestGates();
    private final TestServer server = new TestServer(LIMITS, gates.with(Map.of()));

    @AfterEach
    void close() {
        assertThat(server.faults).isEmpty();
        server.close();
    }

    private TestDevice logsIn(String address, String clientId, String name, String password) {
        return server.acceptsFrom(address, V5)
                .sends(Connecting.of(V5, clientId).user(name, password).bytes());
    }

    private void isLetIn(String address, String clientId, String name) {
        assertThat(logsIn(address, clientId, name, name).hears())
                .singleElement()
                .asString()
                .startsWith("CONNACK 00");
    }

    /** After so many seconds, and not before. */
    private void isRefusedAfter(int seconds, TestDevice device) {
        server.pass(seconds * 1_000L - 1);
        assertThat(device.hears()).isEmpty();
        assertThat(device.isOpen()).isTrue();
        server.pass(1);
        assertThat(device.hears()).containsExactly("CONNACK 86");
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName(
            "from one address, is answered later each time, after 1 to 30 seconds, and as at first after five minutes"
                    + " (B19)")
    void waitsByAddress() {
        int name = 0;
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            isRefusedAfter(seconds, logsIn("192.0.2.1", "d1", "name" + name++, "wrong"));
        }
        isRefusedAfter(1, logsIn("192.0.2.2", "d1", "other", "wrong"));

        server.pass(300_000);

        isRefusedAfter(1, logsIn("192.0.2.1", "d1", "another", "wrong"));
    }

    @Test
    @DisplayName("of one user from many addresses, is answered later each time too; who knows the password is let in at"
            + " once (B19)")
    void waitsByName() {
        isRefusedAfter(1, logsIn("192.0.2.1", "d1", "ann", "wrong"));
        isRefusedAfter(2, logsIn("192.0.2.2", "d2", "ann", "wrong"));
        isRefusedAfter(4, logsIn("192.0.2.3", "d3", "ann", "wrong"));

        isLetIn("192.0.2.4", "d4", "ann");
    }

    @Test
    @DisplayName("takes no memory for what he has shown while he waits for the answer [B18] (B19)")
    void keepsNothing() {
        TestDevice waiting = logsIn("192.0.2.1", "d1", "ann", "wrong".repeat(100));

        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> {
            System.gc();
            return gates.lastShown.get() == null;
        });

        isRefusedAfter(1, waiting);
    }

    @Test
    @DisplayName(
            "from one address, is banned with 0x8A after max-failed-logins for failed-login-ban, with the right"
                    + " password too; other addresses are not, nor is who is connected, nor when the authenticator failed (B19)")
    void bannedByItself() {
        TestDevice before = logsIn("192.0.2.1", "d0", "ann", "ann");
        before.hears();
        for (int i = 0; i < 20; i++) {
            logsIn("192.0.2.9", "d1", "broken", "");
        }
        for (int i = 0; i < 8; i++) {
            logsIn("192.0.2.1", "d1", "name" + i, "wrong");
        }

        assertThat(logsIn("192.0.2.1", "d2", "ann", "ann").hears()).containsExactly("CONNACK 8A");
        isLetIn("192.0.2.9", "d3", "ann");
        assertThat(before.sends("C000").hears()).containsExactly("PINGRESP");
        assertThat(server.bans.list()).extracting(Ban::subject).containsExactly(new Subject(Kind.ADDRESS, "192.0.2.1"));
        assertThat(server.count(Counter.ADDRESSES_BANNED)).isOne();
        assertThat(server.count(Counter.CONNECTS_BANNED)).isOne();

        server.pass(180_000);

        isLetIn("192.0.2.1", "d2", "ann");
        assertThat(server.bans.list()).isEmpty();
    }

    @Test
    @DisplayName("counts as one who guesses when he does not wait for the answer, too (B19)")
    void leavesAtOnce() {
        List<TestDevice> impatient = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            impatient.add(logsIn("192.0.2.1", "d1", "slow", "wrong"));
        }
        impatient.forEach(TestDevice::vanishes);

        gates.slow.complete(new Verdict.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD, "wrong password"));
        server.run();

        assertThat(logsIn("192.0.2.1", "d2", "ann", "ann").hears()).containsExactly("CONNACK 8A");
        assertThat(server.count(Counter.AUTHENTICATIONS_FAILED)).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("with many guesses at the same time, is not told after the ban which of them was right (B19)")
    void guessesAtOnce(boolean right) {
        TestDevice onTheWay = logsIn("192.0.2.1", "d1", "slow", "a guess");
        for (int i = 0; i < 8; i++) {
            logsIn("192.0.2.1", "d1", "name" + i, "wrong");
        }

        gates.slow.complete(
                right
                        ? new Verdict.Accepted(Identity.named("sam"))
                        : new Verdict.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD, "wrong password"));

        assertThat(onTheWay.hears()).containsExactly("CONNACK 8A");
        assertThat(onTheWay.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("with many guesses at the same time at an endpoint, is not told after the ban which were right (B19)")
    void guessesAtAnEndpoint(boolean right) {
        CompletionStage<Verdict> onTheWay = server.callers().judge(shown("slow"));
        for (int i = 0; i < 8; i++) {
            server.callers().judge(shown("name" + i));
        }

        gates.slow.complete(
                right
                        ? new Verdict.Accepted(Identity.named("sam"))
                        : new Verdict.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD, "wrong password"));

        assertThat(onTheWay.toCompletableFuture())
                .isCompletedWithValueMatching(
                        told -> told instanceof Verdict.Refused refused && refused.code() == ReasonCode.BANNED);
    }

    private static Credentials shown(String name) {
        return new Credentials(
                InetAddress.getLoopbackAddress(), new ClientId("c"), name, Payload.ofText("a guess"), List.of());
    }

    @Test
    @DisplayName(
            "from one network of 64 bits of IPv6, is banned whichever of its addresses he guesses from; other networks"
                    + " are not (B19)")
    void bannedNetwork() {
        for (int i = 0; i < 8; i++) {
            logsIn("2001:db8:0:1::" + (i + 1), "d1", "name" + i, "wrong");
        }

        assertThat(logsIn("2001:db8:0:1:ffff::1", "d2", "ann", "ann").hears()).containsExactly("CONNACK 8A");
        isLetIn("2001:db8:0:2::1", "d3", "ann");
        assertThat(server.bans.list()).extracting(ban -> ban.subject().value()).containsExactly("2001:db8:0:1::/64");
    }

    @Test
    @DisplayName("is let in again when somebody takes the ban off the list")
    void takenOff() {
        Subject address = new Subject(Kind.ADDRESS, "192.0.2.1");
        for (int i = 0; i < 8; i++) {
            logsIn("192.0.2.1", "d1", "name" + i, "wrong");
        }

        assertThat(server.bans.remove(address)).isTrue();
        assertThat(server.bans.remove(address)).isFalse();

        isLetIn("192.0.2.1", "d2", "ann");
    }

    @ParameterizedTest
    @CsvSource({"ADDRESS,192.0.2.1", "CLIENT_ID,d1", "USERNAME,ann"})
    @DisplayName(
            "by address, Client Identifier or user name, is refused until the end of the ban, by the wall clock; that"
                    + " it is set back does not make the ban longer (F1)")
    void byWhat(Kind kind, String value) {
        server.bans.add(new Subject(kind, value), server.clockMillis() + 60_000);
        assertThat(logsIn("192.0.2.1", "d1", "ann", "ann").hears()).containsExactly("CONNACK 8A");
        isLetIn("192.0.2.2", "d2", "bob");

        server.pass(60_000);
        isLetIn("192.0.2.1", "d1", "ann");
        server.bans.add(new Subject(kind, value), server.clockMillis() + 60_000);
        server.setClock(-100_000_000);

        isLetIn("192.0.2.1", "d1", "ann");
    }

    @Test
    @DisplayName("by a user name that he does not send but proves, is refused")
    void provedName() {
        gates.slow.complete(new Verdict.Accepted(Identity.named("ann")));
        server.bans.add(new Subject(Kind.USERNAME, "ann"), Ban.WITHOUT_END);

        assertThat(logsIn("192.0.2.1", "d1", "slow", "").hears()).containsExactly("CONNACK 8A");
        assertThat(server.count(Counter.CONNECTIONS_OPENED)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("while connected, is disconnected, and nobody else is")
    void connected(ProtocolVersion version) {
        TestDevice banned = server.connected(Connecting.of(version, "d1").user("ann", "ann"));
        TestDevice other = server.connected(Connecting.of(version, "d2").user("bob", "bob"));
        server.bans.add(new Subject(Kind.USERNAME, "ann"), Ban.WITHOUT_END);

        server.endsBanned();

        banned.isClosedWith("8A");
        assertThat(other.isOpen()).isTrue();
        server.setClock(-100_000_000);
        assertThat(server.accepts(V3_1_1)
                        .sends(Connecting.of(V3_1_1, "d1").user("ann", "ann").bytes())
                        .hears())
                .containsExactly("CONNACK 05");
    }

    @Test
    @DisplayName("is not named by an address that is none")
    void noAddress() {
        assertThatThrownBy(() -> new Subject(Kind.ADDRESS, "gateway.example"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be an IP address, was 'gateway.example'");
    }
}

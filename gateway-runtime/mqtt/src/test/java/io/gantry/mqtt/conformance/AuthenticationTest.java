// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.conformance.Hex.string;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Origin;
import io.gantry.api.security.AuthenticationMethod.Outcome;
import io.gantry.api.security.Identity;
import io.gantry.mqtt.ChallengeResponse;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.session.Counter;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Enhanced authentication")
class AuthenticationTest {
    private static final String METHOD = "15" + string(ChallengeResponse.NAME);
    private static final String GOES_ON = "18";
    private static final String AGAIN = "19";

    private final ChallengeResponse.Slow slow = new ChallengeResponse.Slow();
    private final TestServer server = new TestServer(
            TestLimits.defaults(),
            Map.of(ChallengeResponse.NAME, new ChallengeResponse(), "slow", claim -> slow, "broken", claim -> {
                throw new IllegalStateException("a test breaks this method");
            }));

    @AfterEach
    void close() {
        assertThat(server.faults).isEmpty();
        server.close();
    }

    @Test
    @DisplayName("[5.0/MQTT-4.12.0-2] [5.0/MQTT-4.12.0-3] [5.0/MQTT-4.12.0-5] asks with AUTH 0x18 and lets in with"
            + " CONNACK; both repeat the method of CONNECT")
    void challengeAndResponse() {
        TestDevice device = server.accepts(V5).sends(claiming("d1").bytes());
        assertThat(device.hears()).containsExactly("AUTH 18 {" + shown("length?") + "}");

        device.sends(auth(GOES_ON, "2"));

        assertThat(device.hears()).singleElement().asString().matches("CONNACK 00 \\{.*" + shown("right") + "\\}");
        assertThat(device.sends("C000").hears()).containsExactly("PINGRESP");
    }

    @Test
    @DisplayName("takes Authentication Data that comes with CONNECT, and lets in at once when that is enough")
    void oneStep() {
        TestDevice device = server.accepts(V5).sends(proving("d1", "2").bytes());

        assertThat(device.hears()).singleElement().asString().startsWith("CONNACK 00");
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-4.12.0-4] that fails is answered with CONNACK 0x87; the session, the connection and the will of"
                    + " that Client Identifier stay as they are (R20)")
    void failure() {
        server.route("w");
        TestDevice owner = server.connected(Connecting.resuming(V5, "d1"));
        TestDevice device = server.accepts(V5)
                .sends(claiming("d1").will(0, false, "w", "gone").bytes());
        device.hears();

        device.sends(auth(GOES_ON, "1"));
        server.pass(1_000);

        assertThat(device.hears()).containsExactly("CONNACK 87");
        assertThat(device.isOpen()).isFalse();
        assertThat(owner.sends("C000").hears()).containsExactly("PINGRESP");
        assertThat(server.taken).isEmpty();
        assertThat(server.count(Counter.AUTHENTICATIONS_FAILED)).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "30 05 0001 'a' 00 'x'", // PUBLISH
                "30 08 0001 'a' 03 23 0000 'x'", // one with Topic Alias 0, whose code CONNACK has not
                "82 07 0001 00 0001 'a' 00", // SUBSCRIBE
                "C000", // PINGREQ
                "10 0C 0004 'MQTT' 05 02 000A 00 0000", // a second CONNECT
                "F0 0B 19 09 15 0006 'length'", // AUTH that begins again
                "F0 0A 18 08 15 0005 'other'", // AUTH with another method
            })
    @DisplayName("[5.0/MQTT-3.1.2-30] [5.0/MQTT-4.12.0-5] nothing but AUTH of the same exchange or DISCONNECT is taken"
            + " before CONNACK: all else is refused with 0x82 and has no effect (R20) (A45)")
    void nothingElse(String packet) {
        server.route("a");
        TestDevice device = server.accepts(V5).sends(claiming("d1").bytes());
        device.hears();

        device.sends(packet);

        assertThat(device.hears()).containsExactly("CONNACK 82");
        assertThat(device.isOpen()).isFalse();
        assertThat(server.taken).isEmpty();
        assertThat(server.count(Counter.CONNECTIONS_OPENED)).isZero();
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-3.1.2-30] a packet that comes right behind CONNECT is not kept for after the authentication")
    void notKept() {
        TestDevice device = server.accepts(V5).sends(claiming("d1").bytes() + "C000");

        assertThat(device.hears()).containsExactly("CONNACK 82");
        assertThat(device.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"F0 00", "F0 02 18 00", "F0 02 00 00", "F1 00"})
    @DisplayName("a malformed AUTH is refused by CONNACK with its reason code")
    void malformed(String auth) {
        TestDevice device = server.accepts(V5).sends(claiming("d1").bytes());
        device.hears();

        device.sends(auth);

        assertThat(device.hears()).singleElement().isIn("CONNACK 81", "CONNACK 82");
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("ends without a word when the device sends DISCONNECT")
    void disconnect() {
        TestDevice device = server.accepts(V5).sends(claiming("d1").bytes());
        device.hears();

        device.leaves();

        assertThat(device.hears()).isEmpty();
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("is closed when it is not through by the deadline of CONNECT, however the device keeps talking")
    void deadline() {
        TestDevice device = server.accepts(V5).sends(claiming("d1").bytes());
        server.pass(9_999);
        device.sends(auth(GOES_ON, "again"));
        assertThat(device.hears()).hasSize(2);

        server.pass(1);

        assertThat(device.isOpen()).isFalse();
        assertThat(device.hears()).isEmpty();
    }

    @Test
    @DisplayName("has no deadline any more once it is through")
    void deadlineIsOver() {
        TestDevice device =
                server.accepts(V5).sends(proving("d1", "2").keepAlive(60).bytes());

        server.pass(20_000);

        assertThat(device.isOpen()).isTrue();
    }

    @Test
    @DisplayName("takes eight rounds and not one more (A45)")
    void rounds() {
        TestDevice patient = server.accepts(V5).sends(claiming("d1").bytes());
        TestDevice endless = server.accepts(V5).sends(claiming("d2").bytes());
        for (int round = 2; round < 8; round++) {
            patient.sends(auth(GOES_ON, "again"));
            endless.sends(auth(GOES_ON, "again"));
        }
        assertThat(patient.hears()).hasSize(7);
        patient.sends(auth(GOES_ON, "2"));
        endless.sends(auth(GOES_ON, "again"));
        assertThat(endless.hears()).hasSize(8);

        endless.sends(auth(GOES_ON, "2"));

        assertThat(patient.hears()).singleElement().asString().startsWith("CONNACK 00");
        assertThat(endless.hears()).containsExactly("CONNACK 97");
        assertThat(server.count(Counter.AUTHENTICATION_ROUNDS_EXCEEDED)).isOne();
    }

    @Test
    @DisplayName("waits for a method that takes its time, and takes no AUTH meanwhile")
    void slowMethod() {
        TestDevice device = server.accepts(V5).sends(with("slow", "d1").bytes());
        TestDevice hasty = server.accepts(V5).sends(with("slow", "d2").bytes());
        hasty.sends(Hex.packet(0xF0, GOES_ON + Hex.properties("15" + string("slow"))));
        assertThat(hasty.hears()).containsExactly("CONNACK 82");
        assertThat(device.hears()).isEmpty();

        slow.answer.complete(new Outcome.Success(null, Identity.named(null)));

        assertThat(device.hears()).singleElement().asString().startsWith("CONNACK 00");
        assertThat(hasty.hears()).isEmpty();
    }

    @Test
    @DisplayName("that comes to its end when the device has gone lets nobody in")
    void tooLate() {
        TestDevice device = server.accepts(V5).sends(with("slow", "d1").bytes());
        device.vanishes();

        slow.answer.complete(new Outcome.Success(null, Identity.named(null)));
        server.run();

        assertThat(server.count(Counter.CONNECTIONS_OPENED)).isZero();
    }

    @Test
    @DisplayName("lets nobody in whose method fails, now or later (B20)")
    void brokenMethod() {
        TestDevice broken = server.accepts(V5).sends(with("broken", "d1").bytes());
        TestDevice later = server.accepts(V5).sends(with("slow", "d2").bytes());
        slow.answer.completeExceptionally(new IllegalStateException("a test breaks this method"));

        assertThat(broken.hears()).containsExactly("CONNACK 80");
        assertThat(later.hears()).containsExactly("CONNACK 80");
        assertThat(broken.isOpen()).isFalse();
        assertThat(later.isOpen()).isFalse();
    }

    @Test
    @DisplayName("closes without a word where AUTH, or CONNACK, would be larger than the device takes")
    void tooLarge() {
        TestDevice takesNoAuth =
                server.accepts(V5).sends(claiming("d1").with("27 00000015").bytes());
        TestDevice takesNoConnAck =
                server.accepts(V5).sends(proving("d2", "2").with("27 00000015").bytes());

        assertThat(takesNoAuth.hears()).isEmpty();
        assertThat(takesNoAuth.isOpen()).isFalse();
        assertThat(takesNoConnAck.hears()).isEmpty();
        assertThat(takesNoConnAck.isOpen()).isFalse();
        assertThat(server.count(Counter.CONNECTIONS_OPENED)).isZero();
    }

    @Test
    @DisplayName("gives a device the user name that its method found, for what it publishes from then on")
    void username() {
        server.route("a");
        TestDevice device = admitted(proving("d1", "2 alice"));

        device.publishes(0, 0, "a", "x");

        assertThat(server.taken)
                .singleElement()
                .extracting(message -> ((Origin.Device) message.origin()).username())
                .isEqualTo("alice");
    }

    @Test
    @DisplayName("[5.0/MQTT-4.12.1-1] is begun again by AUTH 0x19 with the same method and ends with AUTH 0x00; other"
            + " packets go on meanwhile")
    void again() {
        server.route("a");
        TestDevice device = admitted(proving("d1", "2"));

        device.sends(auth(AGAIN, "again"));
        assertThat(device.hears()).containsExactly("AUTH 18 {" + shown("length?") + "}");
        assertThat(device.publishes(0, 0, "a", "x").sends("C000").hears()).containsExactly("PINGRESP");
        device.sends(auth(GOES_ON, "2"));

        assertThat(device.hears()).containsExactly("AUTH 00 {" + shown("right") + "}");
        assertThat(server.takenTexts()).containsExactly("x");
        device.sends(auth(AGAIN, "2"));
        assertThat(device.hears()).containsExactly("AUTH 00 {" + shown("right") + "}");
    }

    @Test
    @DisplayName("[5.0/MQTT-4.12.1-2] again that fails is answered with DISCONNECT and its reason code, and the will is"
            + " published")
    void againFails() {
        server.route("w");
        TestDevice device = admitted(proving("d1", "2").will(0, false, "w", "gone"));

        device.sends(auth(AGAIN, "1"));

        assertThat(device.hears()).containsExactly("DISCONNECT 87 {1F000C" + hex("'wrong length'") + "}");
        assertThat(device.isOpen()).isFalse();
        assertThat(server.takenTexts()).containsExactly("gone");
    }

    @Test
    @DisplayName("again that fails counts as a failed login: ten from an address ban it (B19)")
    void againFailsTooOften() {
        for (int i = 1; i <= 10; i++) {
            admitted(proving("d" + i, "2")).sends(auth(AGAIN, "1"));
        }

        assertThat(server.count(Counter.AUTHENTICATIONS_FAILED)).isEqualTo(10);
        assertThat(server.count(Counter.ADDRESSES_BANNED)).isOne();
        TestDevice banned = server.accepts(V5).sends(proving("d11", "2").bytes());
        assertThat(banned.hears()).containsExactly("CONNACK 8A");
    }

    @Test
    @DisplayName("again as somebody else is not let through")
    void againAsSomebodyElse() {
        TestDevice device = admitted(proving("d1", "2 alice"));
        device.sends(auth(AGAIN, "2 alice"));
        assertThat(device.hears()).singleElement().asString().startsWith("AUTH 00");

        device.sends(auth(AGAIN, "2 bob"));

        assertThat(device.hears()).singleElement().asString().startsWith("DISCONNECT 87");
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("again counts like a CONNECT: no more often than a Client Identifier may connect")
    void againTooOften() {
        TestDevice device = admitted(proving("d1", "2"));
        for (int i = 2; i <= 30; i++) {
            device.sends(auth(AGAIN, "2"));
        }
        assertThat(device.hears()).hasSize(29).allMatch(packet -> packet.startsWith("AUTH 00"));

        device.sends(auth(AGAIN, "2"));

        assertThat(device.hears()).singleElement().asString().startsWith("DISCONNECT 9F");
        assertThat(server.count(Counter.CONNECT_RATE_EXCEEDED)).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "F0 0A 19 08 15 0005 'other'", // another method
                "F0 0B 18 09 15 0006 'length'", // nothing was asked
            })
    @DisplayName("[5.0/MQTT-4.12.1-1] [5.0/MQTT-4.12.0-5] again by another method, or out of turn, is a protocol error"
            + " (A45)")
    void outOfTurn(String auth) {
        TestDevice device = admitted(proving("d1", "2"));

        device.sends(auth);

        assertThat(device.hears()).singleElement().asString().startsWith("DISCONNECT 82");
        assertThat(device.isOpen()).isFalse();
        assertThat(server.count(Counter.PROTOCOL_ERRORS)).isOne();
    }

    @Test
    @DisplayName("[5.0/MQTT-4.12.1-1] is not begun a second time while it is under way")
    void twiceAtOnce() {
        TestDevice device = admitted(proving("d1", "2"));
        device.sends(auth(AGAIN, "again"));
        device.hears();

        device.sends(auth(AGAIN, "again"));

        assertThat(device.hears()).singleElement().asString().startsWith("DISCONNECT 82");
    }

    private TestDevice admitted(Connecting connecting) {
        TestDevice device = server.connected(connecting);
        assertThat(device.isOpen()).isTrue();
        return device;
    }

    /** Names the method and nothing else. */
    private static Connecting claiming(String clientId) {
        return with(ChallengeResponse.NAME, clientId);
    }

    private static Connecting with(String method, String clientId) {
        return Connecting.of(V5, clientId).with("15" + string(method));
    }

    private static Connecting proving(String clientId, String data) {
        return claiming(clientId).with("16" + string(data));
    }

    private static String auth(String code, String data) {
        return Hex.packet(0xF0, code + Hex.properties(METHOD + "16" + string(data)));
    }

    /** Method and data as a device hears them. */
    private static String shown(String data) {
        return hex(METHOD + "16" + string(data));
    }

    private static String hex(String written) {
        return HexFormat.of().withUpperCase().formatHex(Hex.bytes(written));
    }
}

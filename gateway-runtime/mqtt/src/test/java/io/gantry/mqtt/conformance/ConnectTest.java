// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.packet.ProtocolVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("CONNECT and CONNACK")
class ConnectTest {
    private final TestServer server = new TestServer();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.1.4-4] [3.1.1/MQTT-3.2.2-1] [5.0/MQTT-3.1.4-5] [5.0/MQTT-3.2.2-1] [5.0/MQTT-3.2.2-2]"
            + " a clean CONNECT is answered with code 0 and flags 0, also when there was a session")
    void clean(ProtocolVersion version) {
        server.connected(Connecting.resuming(version, "d1")).leaves();
        TestDevice device = server.accepts(version);

        device.sends(Connecting.of(version, "d1").bytes());

        assertThat(device.hearsBytes()).matches("20..0000.*");
        assertThat(device.isOpen()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.2.2-3] [5.0/MQTT-3.2.2-3] [5.0/MQTT-3.1.2-6] Session Present is 0 when there was no"
            + " session and 1 when there was one, with code 0 either way")
    void sessionPresent(ProtocolVersion version) {
        TestDevice first =
                server.accepts(version).sends(Connecting.resuming(version, "d1").bytes());
        assertThat(first.hearsBytes()).matches("20..0000.*");
        first.leaves();

        TestDevice second =
                server.accepts(version).sends(Connecting.resuming(version, "d1").bytes());

        assertThat(second.hearsBytes()).matches("20..0100.*");
    }

    @ParameterizedTest
    @CsvSource({"V3_1_1, a", "V3_1_1, 0123456789ABCDEFGHIJKLM", "V5, z", "V5, nopqrstuvwxyzNOPQRSTUVW"})
    @DisplayName("[3.1.1/MQTT-3.1.3-5] [5.0/MQTT-3.1.3-5] Client Identifiers of 1 to 23 letters and digits are taken")
    void clientIdentifiers(ProtocolVersion version, String clientId) {
        TestDevice device =
                server.accepts(version).sends(Connecting.of(version, clientId).bytes());

        assertThat(device.hearsBytes()).matches("20..0000.*");
    }

    @Test
    @DisplayName("[3.1.1/MQTT-3.1.3-6] two 3.1.1 devices without a name are connected at the same time")
    void nameless311() {
        TestDevice one = server.connected(V3_1_1, "");
        TestDevice two = server.connected(V3_1_1, "");

        assertThat(one.isOpen()).isTrue();
        assertThat(two.isOpen()).isTrue();
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.3-7] [5.0/MQTT-3.2.2-16] [5.0/MQTT-3.1.3-2] the name a device is told is its own: under"
            + " it the session is found again")
    void assignedName() {
        TestDevice nameless =
                server.accepts(V5).sends(Connecting.resuming(V5, "").bytes());
        TestDevice other = server.accepts(V5).sends(Connecting.resuming(V5, "").bytes());
        String name = assignedName(nameless);
        assertThat(name).startsWith("gantry-").isNotEqualTo(assignedName(other));
        nameless.leaves();

        TestDevice again =
                server.accepts(V5).sends(Connecting.resuming(V5, name).bytes());

        assertThat(again.hears()).singleElement().asString().startsWith("CONNACK 00 present");
    }

    private static String assignedName(TestDevice device) {
        String bytes = device.hearsBytes();
        int at = bytes.indexOf("12002B") + 6;
        return new String(Hex.bytes(bytes.substring(at, at + 2 * 0x2B)), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("[3.1.1/MQTT-3.1.3-7] [3.1.1/MQTT-3.2.2-4] [3.1.1/MQTT-3.2.2-5] [3.1.1/MQTT-3.1.4-5] a CONNECT that is"
            + " refused gets its code without Session Present, and nothing after it is heeded")
    void refused311() {
        server.route("a");
        TestDevice device = server.accepts(V3_1_1);

        device.sends(Connecting.resuming(V3_1_1, "").bytes() + "30 03 0001 61 C000");

        assertThat(device.hearsBytes()).isEqualTo("20020002");
        assertThat(device.isOpen()).isFalse();
        assertThat(server.taken).isEmpty();
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-4.12.0-1] [5.0/MQTT-4.12.0-4] [5.0/MQTT-3.1.4-2] [5.0/MQTT-3.1.4-6] [5.0/MQTT-3.2.2-7]"
                    + " [5.0/MQTT-3.14.0-1] an Authentication Method we lack is refused with CONNACK 0x8C and nothing more [A45]")
    void refused5() {
        server.route("a");
        TestDevice device = server.accepts(V5);

        device.sends(Connecting.of(V5, "d1").with("15 0001 'm'").bytes() + "30 04 0001 61 00 C000");

        assertThat(device.hears()).containsExactly("CONNACK 8C");
        assertThat(device.isOpen()).isFalse();
        assertThat(server.taken).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10 0C 0004 'MQTT' 06 02 000A 0000", // level 6
                "10 0D 0004 'MQTT' 05 03 000A 00 0000", // the reserved flag
                "10 0E 0004 'MQTT' 05 02 000A 00 0001 00", // U+0000 in the Client Identifier
                "10 11 0004 'MQTT' 05 0E 000A 00 0000 00 0001 61" // a will without its payload
            })
    @DisplayName(
            "[5.0/MQTT-3.1.4-1] [5.0/MQTT-4.13.2-1] a malformed 5.0 CONNECT is answered with CONNACK 0x80 or above,"
                    + " and closed [A6] [A7]")
    void malformed5(String connect) {
        TestDevice device = server.accepts(V5).sends(connect);

        assertThat(device.hearsBytes()).matches("20(0200(01|8.)|0300(8.)00)");
        assertThat(device.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10 0C 0004 'MQTT' 04 03 000A 0000", // the reserved flag
                "10 0D 0004 'MQTT' 04 02 000A 0001 00", // U+0000 in the Client Identifier
                "10 0E 0004 'MQTT' 04 42 000A 0000 0000", // a password without a user name
                "10 0C 0004 'mqtt' 04 02 000A 0000" // the Protocol Name
            })
    @DisplayName("[3.1.1/MQTT-3.1.4-1] [3.1.1/MQTT-3.1.2-1] a malformed 3.1.1 CONNECT is closed without an answer [A9]")
    void malformed311(String connect) {
        TestDevice device = server.accepts(V3_1_1).sends(connect);

        assertThat(device.hearsBytes()).isEmpty();
        assertThat(device.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.1.0-2] [5.0/MQTT-3.1.0-2] [5.0/MQTT-3.2.0-2] a second CONNECT closes the connection, is"
            + " not answered with a CONNACK, and the will is published [A5]")
    void secondConnect(ProtocolVersion version) {
        server.route("w");
        Connecting connecting = Connecting.of(version, "d1").will(0, false, "w", "gone");
        TestDevice device = server.connected(connecting);

        device.sends(connecting.bytes());

        String heard = device.hearsBytes();
        assertThat(heard).matches(version == V5 ? "E0..82.*" : "");
        assertThat(device.isOpen()).isFalse();
        assertThat(server.takenTexts()).containsExactly("gone");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.1.0-1] [5.0/MQTT-3.1.0-1] a first packet that is no CONNECT closes the connection [A4]")
    void firstPacket(ProtocolVersion version) {
        TestDevice device = server.accepts(version).sends("C000");

        assertThat(device.hearsBytes()).isEmpty();
        assertThat(device.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FF", "C080", "EDA080", "00"})
    @DisplayName(
            "[3.1.1/MQTT-3.1.3-4] [3.1.1/MQTT-3.1.3-10] [3.1.1/MQTT-3.1.3-11] Client Identifier, Will Topic and User"
                    + " Name that are no UTF-8 are refused [A12]")
    void utf8In311(String text) {
        String bad = String.format("%04X", text.length() / 2) + text;
        String head = "0004 'MQTT' 04 ";

        assertThat(isClosed(V3_1_1, head + "02 000A" + bad)).isTrue();
        assertThat(isClosed(V3_1_1, head + "06 000A 0001 61" + bad + "0000")).isTrue();
        assertThat(isClosed(V3_1_1, head + "82 000A 0001 61" + bad)).isTrue();
        assertThat(isClosed(V3_1_1, head + "82 000A 0001 61 0001 62")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FF", "C080", "EDA080", "00"})
    @DisplayName("[5.0/MQTT-3.1.3-4] [5.0/MQTT-3.1.3-11] [5.0/MQTT-3.1.3-12] [5.0/MQTT-1.5.7-1] Client Identifier, Will"
            + " Topic, User Name and User Properties that are no UTF-8 are refused [A12]")
    void utf8In5(String text) {
        String bad = String.format("%04X", text.length() / 2) + text;
        String head = "0004 'MQTT' 05 ";

        assertThat(isClosed(V5, head + "02 000A 00" + bad)).isTrue();
        assertThat(isClosed(V5, head + "06 000A 00 0001 61 00" + bad + "0000")).isTrue();
        assertThat(isClosed(V5, head + "82 000A 00 0001 61" + bad)).isTrue();
        assertThat(isClosed(V5, head + "02 000A" + Hex.properties("26 0001 61" + bad) + "0000"))
                .isTrue();
        assertThat(isClosed(V5, head + "02 000A" + Hex.properties("26" + bad + "0001 61") + "0000"))
                .isTrue();
        assertThat(isClosed(V5, head + "82 000A 00 0001 61 0001 62")).isFalse();
    }

    @Test
    @DisplayName(
            "[3.1.1/MQTT-3.1.2-9] [3.1.1/MQTT-3.1.2-11] [3.1.1/MQTT-3.1.2-18] [3.1.1/MQTT-3.1.2-19]"
                    + " [3.1.1/MQTT-3.1.2-20] [3.1.1/MQTT-3.1.2-21] a 3.1.1 CONNECT whose fields are not those of its flags is refused")
    void fieldsAndFlags311() {
        String head = "0004 'MQTT' 04 ";

        assertThat(isClosed(V3_1_1, head + "06 000A 0001 61"))
                .as("will missing")
                .isTrue();
        assertThat(isClosed(V3_1_1, head + "02 000A 0001 61 0001 77 0001 78"))
                .as("will without flag")
                .isTrue();
        assertThat(isClosed(V3_1_1, head + "82 000A 0001 61"))
                .as("user name missing")
                .isTrue();
        assertThat(isClosed(V3_1_1, head + "02 000A 0001 61 0001 75"))
                .as("user name without flag")
                .isTrue();
        assertThat(isClosed(V3_1_1, head + "C2 000A 0001 61 0001 75"))
                .as("password missing")
                .isTrue();
        assertThat(isClosed(V3_1_1, head + "82 000A 0001 61 0001 75 0001 70"))
                .as("password without flag")
                .isTrue();
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.2-9] [5.0/MQTT-3.1.2-16] [5.0/MQTT-3.1.2-17] [5.0/MQTT-3.1.2-18] a 5.0 CONNECT whose"
            + " fields are not those of its flags is refused")
    void fieldsAndFlags5() {
        String head = "0004 'MQTT' 05 ";

        assertThat(isClosed(V5, head + "06 000A 00 0001 61")).as("will missing").isTrue();
        assertThat(isClosed(V5, head + "82 000A 00 0001 61"))
                .as("user name missing")
                .isTrue();
        assertThat(isClosed(V5, head + "02 000A 00 0001 61 0001 75"))
                .as("user name without flag")
                .isTrue();
        assertThat(isClosed(V5, head + "82 000A 00 0001 61 0001 75 0001 70"))
                .as("password without flag")
                .isTrue();
    }

    private boolean isClosed(ProtocolVersion version, String body) {
        return !server.accepts(version).sends(Hex.packet(0x10, body)).isOpen();
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-3.1.2-28] [5.0/MQTT-4.12.0-6] CONNACK has neither Response Information nor an Authentication"
                    + " Method when the device did not ask")
    void onlyWhatIsAskedFor() {
        TestDevice device = server.accepts(V5).sends(Connecting.of(V5, "d1").bytes());

        assertThat(device.hears()).containsExactly("CONNACK 00 {2103E8" + "2700001000" + "22000A}");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[5.0/MQTT-3.2.2-22] [5.0/MQTT-3.12.4-1] [3.1.1/MQTT-3.12.4-1] a device that speaks within its Keep Alive"
                    + " stays; its own counts when the server names none")
    void keepAlive(ProtocolVersion version) {
        TestDevice device = server.accepts(version)
                .sends(Connecting.of(version, "d1").keepAlive(4).bytes());
        assertThat(device.hearsBytes()).doesNotContain("130");
        server.pass(5_900);
        assertThat(device.sends("C000").hears()).containsExactly("PINGRESP");
        server.pass(5_900);
        assertThat(device.isOpen()).isTrue();

        server.pass(100);

        device.isClosedWith("8D");
    }

    @Test
    @DisplayName("Keep Alive 0 and one longer than ours are replaced, and a 5.0 device is told [A30]")
    void serverKeepAlive() {
        TestDevice none =
                server.accepts(V5).sends(Connecting.of(V5, "d1").keepAlive(0).bytes());
        TestDevice longest = server.accepts(V5)
                .sends(Connecting.of(V5, "d2").keepAlive(65_535).bytes());
        assertThat(none.hearsBytes()).contains("130E10");
        assertThat(longest.hearsBytes()).contains("130E10");

        server.pass(5_400_000);

        none.isClosedWith("8D");
        longest.isClosedWith("8D");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "81, 0004 'MQTT' 05 03 000A 00 0000", // the reserved flag
                "82, 0004 'MQTT' 05 02 000A 06 21 0001 21 0001 0000", // a property twice
                "84, 0004 'MQTT' 07 02 000A 00 0000", // a version to come
                "8C, 0004 'MQTT' 05 02 000A 04 15 0001 'm' 0000", // an Authentication Method
                "90, 0004 'MQTT' 05 06 000A 00 0000 00 0001 '#' 0000" // a wildcard in the Will Topic
            })
    @DisplayName("[5.0/MQTT-3.2.2-8] [5.0/MQTT-3.2.2-6] CONNACK says why a CONNECT is refused, by a code of its table")
    void refusals(String code, String body) {
        TestDevice device = server.accepts(V5).sends(Hex.packet(0x10, body));

        assertThat(device.hears()).containsExactly("CONNACK " + code);
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("[5.0/MQTT-3.2.2-8] a CONNECT over a limit is refused by a code of CONNACK's table, and so is a Client"
            + " Identifier that is too long or has control characters [A11] [A15]")
    void overLimits() {
        Connecting manyProperties = Connecting.of(V5, "d1").with("26 0001 61 0001 62".repeat(33));

        assertThat(answer(manyProperties)).isEqualTo("2003009700");
        assertThat(answer(Connecting.of(V5, "x".repeat(257)))).isEqualTo("2003008500");
        assertThat(answer(Connecting.of(V5, "x".repeat(256)))).startsWith("200E0000");
        assertThat(answer(Connecting.of(V5, "a\nb"))).isEqualTo("2003008100");
        assertThat(answer(Connecting.of(V3_1_1, "x".repeat(257)))).isEqualTo("20020002");
        assertThat(answer(Connecting.of(V3_1_1, "a\nb"))).isEmpty();
        assertThat(answer(Connecting.of(V3_1_1, "<script>+#/"))).isEqualTo("20020000");
    }

    private String answer(Connecting connecting) {
        return server.accepts(connecting.version()).sends(connecting.bytes()).hearsBytes();
    }
}

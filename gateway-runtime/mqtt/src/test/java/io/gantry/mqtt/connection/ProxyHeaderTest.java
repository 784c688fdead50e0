// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.mqtt.session.Counters;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A PROXY header")
class ProxyHeaderTest {
    static final String SIGNATURE = "0D0A0D0A000D0A515549540A";
    static final String IPV4 = "C0000201" + "0A000001" + "C350" + "075B";
    private static final String IPV6 =
            "20010DB8000000000000000000000001" + "20010DB8000000000000000000000002" + "C350075B";

    static byte[] text(String header) {
        return header.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] hex(String header) {
        return HexFormat.of().parseHex(header.replace(" ", ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000})
    @DisplayName(
            "of version 1 or 2 says where the device connects from, wherever the network cuts it, and what follows it"
                    + " is the device's")
    void address(int pieceSize) {
        byte[] v1 = text("PROXY TCP4 192.0.2.1 10.0.0.1 50000 1883\r\n\u0010\u0002");
        byte[] v2 = hex(SIGNATURE + "21 11 000C" + IPV4 + "1002");
        byte[] v6 = hex(SIGNATURE + "21 21 0024" + IPV6 + "1002");
        try (ProxiedConnection first = new ProxiedConnection("10.0.0.255").sends(v1, pieceSize);
                ProxiedConnection second = new ProxiedConnection("10.0.0.1").sends(v2, pieceSize);
                ProxiedConnection third = new ProxiedConnection("2001:db8::7").sends(v6, pieceSize)) {
            assertThat(List.of(first.peer(), second.peer(), third.peer()))
                    .containsExactly("/192.0.2.1:50000", "/192.0.2.1:50000", "/[2001:db8:0:0:0:0:0:1]:50000");
            assertThat(List.of(first.passed(), second.passed(), third.passed())).containsOnly("1002");
        }
    }

    @Test
    @DisplayName("with an address of IPv4 within IPv6 is that of the device of IPv4, which is banned as such [A46]")
    void mapped() {
        byte[] v1 = text("PROXY TCP6 ::ffff:192.0.2.1 ::1 50000 1883\r\n");
        byte[] v2 = hex(SIGNATURE + "21 21 0024" + "00".repeat(10) + "FFFF C0000201" + "00".repeat(16) + "C350075B");
        try (ProxiedConnection first = new ProxiedConnection("10.0.0.1").sends(v1, 1_000);
                ProxiedConnection second = new ProxiedConnection("10.0.0.1").sends(v2, 1_000)) {
            assertThat(List.of(first.peer(), second.peer())).containsOnly("/192.0.2.1:50000");
        }
    }

    static Stream<byte[]> nobody() {
        return Stream.of(
                text("PROXY UNKNOWN\r\n\u0010"),
                hex(SIGNATURE + "20 00 0000 10"),
                hex(SIGNATURE + "20 11 000C" + IPV4 + "10"));
    }

    @ParameterizedTest
    @MethodSource("nobody")
    @DisplayName("that names no device, as a health check's, leaves the connection the proxy's")
    void local(byte[] header) {
        try (ProxiedConnection connection = new ProxiedConnection("10.0.0.1").sends(header, 1_000)) {
            assertThat(connection.peer()).isEqualTo("/10.0.0.1:50000");
            assertThat(connection.passed()).isEqualTo("10");
        }
    }

    static Stream<byte[]> bad() {
        return Stream.of(
                hex("100C00044D51545404020000000000000000"), // CONNECT
                hex("16030102000100000000000000000000"), // TLS
                text("GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
                text("PROXY TCP4 192.0.2.999 10.0.0.1 50000 1883\r\n"),
                text("PROXY TCP4 192.0.2.1 10.0.0.1 50000 99999\r\n"),
                text("PROXY TCP4 192.0.2.1 10.0.0.1 50000\r\n"),
                text("PROXY TCP4 " + "1".repeat(200) + "\r\n"),
                hex(SIGNATURE + "31 11 000C" + IPV4), // version 3
                hex(SIGNATURE + "22 11 000C" + IPV4), // command 2
                hex(SIGNATURE + "21 11 0004" + "C0000201"), // too short for its family
                hex(SIGNATURE + "21 11 0010" + IPV4 + "02 00FF 61"), // an extension longer than what is there
                hex(SIGNATURE + "21 11 FFFF" + IPV4 + "00".repeat(65_523)), // 64 KiB of extensions
                hex(SIGNATURE + "21 11 0013" + IPV4 + "02 0004 610D0A62"), // a host name with CR and LF
                hex(SIGNATURE + "21 11 0010" + IPV4 + "02 0001 7F")); // with DEL
    }

    @ParameterizedTest
    @MethodSource("bad")
    @DisplayName("that is bad, or missing, closes the connection, is counted, and nothing passes [A46]")
    void bad(byte[] header) {
        try (ProxiedConnection connection = new ProxiedConnection("10.0.0.1").sends(header, 1_000)) {
            assertThat(connection.isOpen()).isFalse();
            assertThat(connection.passed()).isEmpty();
            assertThat(connection.refused()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.1.0", "192.0.2.1", "127.0.0.1", "2001:db8::8"})
    @DisplayName("from anywhere but trusted-proxies is not even read: the connection is closed [A46]")
    void untrusted(String from) {
        byte[] header = text("PROXY TCP4 192.0.2.1 10.0.0.1 50000 1883\r\n\u0010");
        try (ProxiedConnection connection = new ProxiedConnection(from)) {
            assertThat(connection.isOpen()).isFalse();
            assertThat(connection.sends(header, 1_000).passed()).isEmpty();
            assertThat(connection.refused()).isOne();
        }
    }

    @Test
    @DisplayName("is what max-connections-per-address goes by [A31]")
    void limit() {
        ConnectionLimit limit = new ConnectionLimit(10, 1, new Counters());
        byte[] one = text("PROXY TCP4 192.0.2.1 10.0.0.1 50000 1883\r\n");
        byte[] other = text("PROXY TCP4 192.0.2.2 10.0.0.1 50000 1883\r\n");
        try (ProxiedConnection first = new ProxiedConnection("10.0.0.1", limit).sends(one, 1_000);
                ProxiedConnection second = new ProxiedConnection("10.0.0.1", limit).sends(one, 1_000);
                ProxiedConnection third = new ProxiedConnection("10.0.0.1", limit).sends(other, 1_000)) {
            assertThat(List.of(first.isOpen(), second.isOpen(), third.isOpen())).containsExactly(true, false, true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "/8", "", "2001:db8::/129"})
    @DisplayName("is trusted by addresses and ranges of them only")
    void ranges(String text) {
        assertThatThrownBy(() -> new TrustedProxies(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be IP addresses or ranges of them, as 10.0.0.7 or 10.1.0.0/16, was '" + text + "'");
    }
}

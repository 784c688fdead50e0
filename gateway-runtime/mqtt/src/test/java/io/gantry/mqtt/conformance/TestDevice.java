// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.conformance.Hex.hex;
import static io.gantry.mqtt.conformance.Hex.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.packet.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;

/** The device's end of a connection: sends the bytes of its version, and reads what it is sent. */
final class TestDevice {
    private final TestServer server;
    private final EmbeddedChannel channel;
    private final ProtocolVersion version;

    TestDevice(TestServer server, EmbeddedChannel channel, ProtocolVersion version) {
        this.server = server;
        this.channel = channel;
        this.version = version;
    }

    /** Sends bytes, written as in {@link Hex}. */
    TestDevice sends(String... bytes) {
        for (String each : bytes) {
            channel.writeInbound(Unpooled.wrappedBuffer(Hex.bytes(each)));
        }
        server.run();
        return this;
    }

    /** PUBLISH without properties. */
    TestDevice publishes(int qos, int packetId, String topic, String payload) {
        return publishes(0x30 | qos << 1, packetId, topic, payload, "");
    }

    TestDevice publishesRetained(int qos, int packetId, String topic, String payload) {
        return publishes(0x31 | qos << 1, packetId, topic, payload, "");
    }

    /** PUBLISH with its first byte as given; the properties are for 5.0 only. */
    TestDevice publishes(int firstByte, int packetId, String topic, String payload, String properties) {
        String id = (firstByte & 0b110) == 0 ? "" : String.format("%04X", packetId);
        return sends(Hex.packet(firstByte, string(topic) + id + properties(properties) + "'" + payload + "'"));
    }

    /** SUBSCRIBE to filters, each with its options in hex: {@code a/+ 01}. */
    TestDevice subscribes(int packetId, String... filters) {
        return subscribesWith("", packetId, filters);
    }

    /** SUBSCRIBE with properties, which are for 5.0 only. */
    TestDevice subscribesWith(String properties, int packetId, String... filters) {
        StringBuilder payload = new StringBuilder();
        for (String filter : filters) {
            int space = filter.lastIndexOf(' ');
            payload.append(string(filter.substring(0, space))).append(filter.substring(space));
        }
        return sends(Hex.packet(0x82, String.format("%04X", packetId) + properties(properties) + payload));
    }

    TestDevice unsubscribes(int packetId, String... filters) {
        StringBuilder payload = new StringBuilder();
        for (String filter : filters) {
            payload.append(string(filter));
        }
        return sends(Hex.packet(0xA2, String.format("%04X", packetId) + properties("") + payload));
    }

    private String properties(String properties) {
        return version == ProtocolVersion.V5 ? Hex.properties(properties) : "";
    }

    TestDevice acks(int packetId) {
        return sends(String.format("4002 %04X", packetId));
    }

    TestDevice sendsPubRec(int packetId) {
        return sends(String.format("5002 %04X", packetId));
    }

    TestDevice releases(int packetId) {
        return sends(String.format("6202 %04X", packetId));
    }

    TestDevice completes(int packetId) {
        return sends(String.format("7002 %04X", packetId));
    }

    /** What was sent to the device since it last listened, one text for each packet: see {@link Heard}. */
    List<String> hears() {
        return Heard.packets(hearsBytes(), version);
    }

    /** The same in bytes, as hex. */
    String hearsBytes() {
        server.run();
        StringBuilder bytes = new StringBuilder();
        ByteBuf sent = channel.readOutbound();
        while (sent != null) {
            bytes.append(hex(sent));
            sent.release();
            sent = channel.readOutbound();
        }
        return bytes.toString();
    }

    boolean isOpen() {
        server.run();
        return channel.isOpen();
    }

    /** The connection is gone; a 5.0 device was told the reason code, a 3.1.1 device nothing. */
    void isClosedWith(String reasonCode) {
        List<String> heard = hears();
        assertThat(isOpen()).isFalse();
        assertThat(heard).isEqualTo(version == ProtocolVersion.V5 ? List.of("DISCONNECT " + reasonCode) : List.of());
    }

    /** Takes nothing more from the network, or takes it again. */
    void takes(boolean more) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, more);
        server.run();
    }

    /** Something on its connection fails by our own fault. */
    void meets(Throwable fault) {
        channel.pipeline().fireExceptionCaught(fault);
        server.run();
    }

    /** DISCONNECT. */
    void leaves() {
        sends("E000");
    }

    /** The network connection breaks. */
    void vanishes() {
        channel.close();
        server.run();
    }
}

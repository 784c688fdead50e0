// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.mqtt.packet.ProtocolVersion;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;

/** A device at the other end of a decoder. */
final class Device implements AutoCloseable {

    static final DecoderLimits LIMITS = new DecoderLimits(4096, 4, 200, 8, 100, 2_000);

    static final String CONNECT_311 = """
            10 0C      // CONNECT, 12 bytes follow
            00 04 'MQTT' // Protocol Name
            04         // Protocol Level
            02         // Connect Flags: Clean Session
            00 00      // Keep Alive
            00 00      // Client Identifier""";

    static final String CONNECT_5 = """
            10 0D      // CONNECT, 13 bytes follow
            00 04 'MQTT' // Protocol Name
            05         // Protocol Version
            02         // Connect Flags: Clean Start
            00 00      // Keep Alive
            00         // Property Length
            00 00      // Client Identifier""";

    private final PacketDecoder decoder = new PacketDecoder(LIMITS);

    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

    /** A device whose CONNECT has been read. */
    static Device connected(ProtocolVersion version) {
        Device device = new Device();
        device.send(connect(version));
        return device;
    }

    static byte[] connect(ProtocolVersion version) {
        return Bytes.of(version == ProtocolVersion.V5 ? CONNECT_5 : CONNECT_311);
    }

    /** All at once; returns what the decoder made of it, its pause after CONNECT being ended at once. */
    List<Object> send(byte[] bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes));
        decoder.resume();
        return received();
    }

    List<Object> sendByteByByte(byte[] bytes) {
        List<Object> received = new ArrayList<>();
        for (byte b : bytes) {
            received.addAll(send(new byte[] {b}));
        }
        return received;
    }

    private List<Object> received() {
        List<Object> packets = new ArrayList<>();
        for (Object packet = channel.readInbound(); packet != null; packet = channel.readInbound()) {
            packets.add(packet);
        }
        return packets;
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}

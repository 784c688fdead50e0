// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.packet.Connect;
import io.gantry.mqtt.packet.MalformedPacket;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.Ping;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Random packets")
class RandomPacketsTest {

    private static final long SEED = 20_261_121;

    private static final int ROUND_TRIPS = 3_000;

    private static final int MUTATIONS = 20_000;

    @ParameterizedTest(name = "{0}")
    @EnumSource(ProtocolVersion.class)
    @DisplayName("are the same after writing and reading them, cut anywhere")
    void roundTrip(ProtocolVersion version) {
        Random random = new Random(SEED);
        RandomPackets packets = new RandomPackets(random, version);
        try (Device device = Device.connected(version)) {
            for (int i = 0; i < ROUND_TRIPS; i++) {
                Packet packet = packets.next();
                byte[] bytes = encode(packet, version);
                int cut = random.nextInt(bytes.length);

                List<Object> received = new ArrayList<>(device.send(Arrays.copyOfRange(bytes, 0, cut)));
                received.addAll(device.send(Arrays.copyOfRange(bytes, cut, bytes.length)));

                assertThat(received).as("seed %d, packet %d", SEED, i).containsExactly(packet);
                assertThat(PacketEncoder.sizeOf(packet, version)).isEqualTo(bytes.length);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(ProtocolVersion.class)
    @DisplayName("with wrong bytes in their body are one packet or refused, and the next packet stays whole")
    void bodyMutations(ProtocolVersion version) {
        Random random = new Random(SEED);
        List<byte[]> good = goodPackets(random, version);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = good.get(random.nextInt(good.size())).clone();
            int headerSize = headerSize(mutated);
            for (int n = 1 + random.nextInt(3); n > 0 && mutated.length > headerSize; n--) {
                mutated[headerSize + random.nextInt(mutated.length - headerSize)] = wrongByte(random);
            }

            List<Object> received = decode(version, mutated, Bytes.of("C0 00"));

            boolean refused = received.get(0) instanceof MalformedPacket;
            assertThat(received)
                    .as("seed %d, mutation %d: %s", SEED, i, ByteBufUtil.hexDump(mutated))
                    .hasSize(refused ? 1 : 2);
            if (!refused) {
                assertThat(received.get(1)).isEqualTo(Ping.REQUEST);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(ProtocolVersion.class)
    @DisplayName("with wrong bytes anywhere, cut short or made longer, never make the decoder throw or leak")
    void anyMutations(ProtocolVersion version) {
        Random random = new Random(SEED);
        List<byte[]> good = goodPackets(random, version);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = good.get(random.nextInt(good.size())).clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                mutated[random.nextInt(mutated.length)] = wrongByte(random);
            }
            mutated = Arrays.copyOf(mutated, random.nextInt(mutated.length + 3));

            List<Object> received = decode(version, mutated, good.get(random.nextInt(good.size())));

            long refusals =
                    received.stream().filter(MalformedPacket.class::isInstance).count();
            boolean refusedLast = !received.isEmpty() && received.get(received.size() - 1) instanceof MalformedPacket;
            assertThat(refusals)
                    .as("seed %d, mutation %d: %s", SEED, i, ByteBufUtil.hexDump(mutated))
                    .isEqualTo(refusedLast ? 1 : 0);
        }
    }

    /** What a new connection makes of the two, the CONNECT before them left out; every buffer must be released. */
    private static List<Object> decode(ProtocolVersion version, byte[] bytes, byte[] next) {
        PacketDecoder decoder = new PacketDecoder(Device.LIMITS);
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        boolean connects = bytes.length > 0 && bytes[0] == 0x10;
        List<ByteBuf> buffers = new ArrayList<>();
        if (!connects) {
            buffers.add(buffer(Device.connect(version)));
        }
        buffers.add(buffer(bytes));
        buffers.add(buffer(next));
        for (ByteBuf buffer : buffers) {
            channel.writeInbound(buffer);
            decoder.resume();
        }
        List<Object> received = new ArrayList<>();
        for (Object packet = channel.readInbound(); packet != null; packet = channel.readInbound()) {
            received.add(packet);
        }
        channel.checkException();
        channel.finish();
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
        if (!connects) {
            assertThat(received.remove(0)).isInstanceOf(Connect.class);
        }
        return received;
    }

    private static ByteBuf buffer(byte[] bytes) {
        return Unpooled.buffer().writeBytes(bytes);
    }

    private static List<byte[]> goodPackets(Random random, ProtocolVersion version) {
        List<byte[]> good = new ArrayList<>();
        PacketDecoderTest.samples()
                .filter(sample -> sample.version() == version)
                .forEach(sample -> good.add(sample.bytes()));
        RandomPackets packets = new RandomPackets(random, version);
        for (int i = 0; i < 100; i++) {
            good.add(encode(packets.next(), version));
        }
        return good;
    }

    /** Often one that means something: a small length, a property, a limit. */
    private static byte wrongByte(Random random) {
        return (byte) (random.nextBoolean() ? random.nextInt(0x30) : random.nextInt(0x100));
    }

    private static int headerSize(byte[] packet) {
        int size = 2;
        while (packet[size - 1] < 0) {
            size++;
        }
        return size;
    }

    private static byte[] encode(Packet packet, ProtocolVersion version) {
        ByteBuf out = Unpooled.buffer();
        PacketEncoder.encode(packet, version, out);
        return ByteBufUtil.getBytes(out);
    }
}

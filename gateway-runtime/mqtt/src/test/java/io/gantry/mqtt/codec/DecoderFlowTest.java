// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.packet.Connect;
import io.gantry.mqtt.packet.MalformedPacket;
import io.gantry.mqtt.packet.Ping;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.Publish;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The flow of packets out of the decoder")
class DecoderFlowTest {

    private static final byte[] PING = Bytes.of("C0 00");

    private final PacketDecoder decoder = new PacketDecoder(Device.LIMITS);

    private final List<Object> received = new ArrayList<>();

    /** Pauses after each packet, and counts the ends of reads. */
    private final class OneByOne extends ChannelInboundHandlerAdapter {

        private int readsCompleted;

        private boolean resumeAtOnce;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object packet) {
            received.add(packet);
            decoder.pause();
            if (resumeAtOnce) {
                decoder.resume();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            readsCompleted++;
        }
    }

    private final OneByOne receiver = new OneByOne();

    private final EmbeddedChannel channel = new EmbeddedChannel(decoder, receiver);

    @Test
    @DisplayName("stops after CONNECT until it is resumed, and nothing that came meanwhile is lost")
    void pausesAfterConnect() {
        channel.writeInbound(bytes(Bytes.join(Bytes.of(Device.CONNECT_5), PING)));
        channel.writeInbound(bytes(PING));
        assertThat(received).singleElement().isInstanceOf(Connect.class);

        receiver.resumeAtOnce = true;
        decoder.resume();

        assertThat(received.subList(1, received.size())).containsExactly(Ping.REQUEST, Ping.REQUEST);
        assertThat(channel.finish()).isFalse();
    }

    @Test
    @DisplayName("stops at once when it is paused from within a read, and ends each resumption with a read's end")
    void pausedWithinRead() {
        channel.writeInbound(bytes(Bytes.join(Bytes.of(Device.CONNECT_311), PING, PING)));
        int before = receiver.readsCompleted;

        decoder.resume();
        assertThat(received).hasSize(2);
        assertThat(receiver.readsCompleted).isEqualTo(before + 1);

        decoder.resume();
        assertThat(received).hasSize(3);
        decoder.resume();
        assertThat(received).hasSize(3);
        assertThat(receiver.readsCompleted).isEqualTo(before + 2);
    }

    @Test
    @DisplayName("needs no deeper stack for more packets when each one is paused for and resumed")
    void resumedWithinRead() throws InterruptedException {
        receiver.resumeAtOnce = true;
        byte[] pings = new byte[2 * 100_000];
        for (int i = 0; i < pings.length; i += 2) {
            pings[i] = (byte) 0xC0;
        }

        onSmallStack(() -> channel.writeInbound(bytes(Bytes.join(Bytes.of(Device.CONNECT_311), pings))));

        assertThat(received).hasSize(100_001);
    }

    @Test
    @DisplayName("refuses a packet that is too large by its fixed header, before its body is there [A1]")
    void tooLarge() {
        channel.writeInbound(bytes(Bytes.of("10 FF FF FF")));
        assertThat(received).isEmpty();

        channel.writeInbound(bytes(Bytes.of("7F")));

        assertThat(received).singleElement().extracting("reasonCode").isEqualTo(ReasonCode.PACKET_TOO_LARGE);
    }

    @Test
    @DisplayName("takes a packet of exactly the largest size")
    void largest() {
        receiver.resumeAtOnce = true;
        byte[] largest = Bytes.packet(0x30, Bytes.join(Bytes.of("00 01 'a'"), new byte[4096 - 3 - 3]));

        channel.writeInbound(bytes(Bytes.join(Bytes.of(Device.CONNECT_311), largest)));

        assertThat(largest).hasSize(4096);
        assertThat(received.get(1)).isInstanceOfSatisfying(Publish.class, publish -> assertThat(
                        publish.payload().size())
                .isEqualTo(4090));
    }

    @Test
    @DisplayName("drops and releases everything after one MalformedPacket")
    void afterMalformed() {
        ByteBuf first = bytes(Bytes.of("'GET / HTTP/1.1'"));
        ByteBuf second = bytes(Bytes.of(Device.CONNECT_5));

        channel.writeInbound(first);
        channel.writeInbound(second);
        decoder.resume();

        assertThat(received)
                .containsExactly(new MalformedPacket(
                        null,
                        ReasonCode.PROTOCOL_ERROR,
                        "first byte 0x47 instead of a CONNECT packet's 0x10"
                                + " (an HTTP request: this listener speaks MQTT) [5.0/MQTT-3.1.0-1]"));
        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
    }

    @Test
    @DisplayName("tells a TLS hello apart")
    void tlsHello() {
        channel.writeInbound(bytes(Bytes.of("16 03 01 02 00 01")));

        assertThat(received)
                .singleElement()
                .extracting("detail")
                .asString()
                .contains("a TLS hello: this listener has no TLS");
    }

    @Test
    @DisplayName("releases what it kept when the channel closes or the decoder is taken out")
    void releases() {
        ByteBuf kept = bytes(Bytes.of("10 0C 00"));
        channel.writeInbound(kept);
        assertThat(kept.refCnt()).isOne();
        assertThat(channel.close().isSuccess()).isTrue();
        assertThat(kept.refCnt()).isZero();

        ByteBuf taken = bytes(Bytes.of("10 0C 00"));
        PacketDecoder other = new PacketDecoder(Device.LIMITS);
        EmbeddedChannel otherChannel = new EmbeddedChannel(other);
        otherChannel.writeInbound(taken);
        otherChannel.pipeline().remove(other);
        assertThat(taken.refCnt()).isZero();
        otherChannel.finish();
    }

    @Test
    @DisplayName("gives the same Topic Name instance while a device stays with one topic")
    void sameTopic() {
        try (Device device = Device.connected(ProtocolVersion.V3_1_1)) {
            byte[] toA = Bytes.packet(0x30, "00 03 'a/b' 'x'");
            byte[] toC = Bytes.packet(0x30, "00 03 'a/c' 'x'");

            List<Object> packets = device.send(Bytes.join(toA, toA, toC, toA));

            assertThat(topic(packets, 1)).isSameAs(topic(packets, 0));
            assertThat(topic(packets, 2)).hasToString("a/c");
            assertThat(topic(packets, 3)).hasToString("a/b");
        }
    }

    @Test
    @DisplayName("reads a topic of 65,535 levels on a small stack when the limits let it through [A19]")
    void deepTopic() throws InterruptedException {
        PacketDecoder generous = new PacketDecoder(new DecoderLimits(100_000, 0, 65_535, 65_536, 65_535, 65_535));
        EmbeddedChannel deep = new EmbeddedChannel(generous);
        byte[] publish = Bytes.packet(0x30, Bytes.of(Bytes.string("/".repeat(65_535))));

        onSmallStack(() -> {
            deep.writeInbound(bytes(Bytes.of(Device.CONNECT_311)));
            generous.resume();
            deep.writeInbound(bytes(publish));
            generous.resume();
        });

        assertThat(deep.<Object>readInbound()).isInstanceOf(Connect.class);
        assertThat(deep.<Object>readInbound()).isInstanceOf(Publish.class);
        assertThat(deep.finish()).isFalse();
    }

    private static Object topic(List<Object> packets, int index) {
        return Objects.requireNonNull(((Publish) packets.get(index)).topic());
    }

    private static ByteBuf bytes(byte[] bytes) {
        return Unpooled.copiedBuffer(bytes);
    }

    private static void onSmallStack(Runnable task) throws InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        Thread thread = new Thread(null, task, "small stack", 256 * 1024);
        thread.setUncaughtExceptionHandler((failed, failure) -> failures.add(failure));
        thread.start();
        thread.join();
        assertThat(failures).isEmpty();
    }
}

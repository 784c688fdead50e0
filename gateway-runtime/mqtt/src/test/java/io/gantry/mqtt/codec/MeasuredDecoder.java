// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;

/** A connection's decoder whose buffers are counted: it holds little at any time, and nothing in the end. */
final class MeasuredDecoder {
    static final DecoderLimits LIMITS = new DecoderLimits(256, 3, 60, 8, 40, 100);

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
    private final PacketDecoder decoder = new PacketDecoder(LIMITS);
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

    private MeasuredDecoder() {
        channel.config().setAllocator(memory);
    }

    /** What comes out of the bytes, sent in pieces of these sizes by turns. */
    static List<Object> decode(byte[] bytes, int... pieceSizes) {
        MeasuredDecoder decoder = new MeasuredDecoder();
        List<Object> received = new ArrayList<>();
        int from = 0;
        for (int turn = 0; from < bytes.length; turn++) {
            int length = Math.min(bytes.length - from, pieceSizes[turn % pieceSizes.length]);
            decoder.feed(bytes, from, length, received);
            from += length;
        }
        decoder.channel.finish();
        decoder.channel.checkException();
        assertThat(decoder.held()).as("bytes of buffers not released").isZero();
        return received;
    }

    private void feed(byte[] bytes, int from, int length, List<Object> received) {
        channel.writeInbound(memory.heapBuffer(length, Integer.MAX_VALUE).writeBytes(bytes, from, length));
        decoder.resume();
        for (Object packet = channel.readInbound(); packet != null; packet = channel.readInbound()) {
            received.add(packet);
        }
        // A buffer grows by doubling, and what was read is cut off when it is half of it.
        assertThat(held())
                .as("bytes held after %d of %d", from + length, bytes.length)
                .isLessThanOrEqualTo(4L * (LIMITS.maxPacketSize() + length));
    }

    private long held() {
        return memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory();
    }
}

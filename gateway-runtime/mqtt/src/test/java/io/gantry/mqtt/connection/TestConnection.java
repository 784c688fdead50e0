// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.MessageId;
import io.gantry.api.security.Gatekeeping;
import io.gantry.api.store.WriteOrder;
import io.gantry.mqtt.BanList;
import io.gantry.mqtt.HeapStore;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.codec.DecoderLimits;
import io.gantry.mqtt.codec.PacketDecoder;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.gantry.mqtt.session.Distributor;
import io.gantry.mqtt.session.Home;
import io.gantry.mqtt.session.SessionStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The real pipeline over an embedded channel whose time the test moves; speaks in bytes. */
final class TestConnection implements AutoCloseable {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    final Counters counters = new Counters();
    final Distributor distributor;
    final Connections connections = new Connections();
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
    private final EmbeddedChannel channel = new EmbeddedChannel();

    /** Over TCP. */
    TestConnection(LimitSettings limits) {
        this(limits, null);
    }

    /**
     * Over WebSocket, or over TCP.
     *
     * @param allowedOrigins null for TCP
     */
    TestConnection(LimitSettings limits, @Nullable List<String> allowedOrigins) {
        channel.config().setAllocator(memory);
        channel.freezeTime();
        SessionStore store = new SessionStore(new WriteOrder(new HeapStore()), Runnable::run, counters);
        distributor = new Distributor(counters, Clock.systemUTC(), limits, store);
        Home.Shared shared =
                new Home.Shared(limits, distributor, store, counters, new MessageId.Sequence(1, 1), Clock.systemUTC());
        Loops loops = new Loops(channel.eventLoop(), shared);
        DecoderLimits decoding = new DecoderLimits(
                4096,
                limits.maxUserProperties(),
                limits.maxTopicLength(),
                limits.maxTopicLevels(),
                65_535,
                Math.toIntExact(limits.maxPropertyBytes().bytes()));
        if (allowedOrigins != null) {
            WebSocketUpgrade.addTo(
                    channel.pipeline(), new WebSocketUpgrade.Terms("/mqtt", allowedOrigins, 4096, counters));
        }
        channel.pipeline().addLast("decoder", new PacketDecoder(decoding));
        channel.pipeline()
                .addLast(
                        "connect",
                        new ConnectHandler(new ConnectHandler.Terms(
                                loops,
                                shared,
                                connections,
                                10_000,
                                60_000,
                                4096,
                                new Gatekeeper(Gatekeeping.OPEN, shared, new BanList(Clock.systemUTC())))));
        // as for an accepted channel, which is active before its handlers are told
        channel.pipeline().fireChannelActive();
    }

    /** The device sends bytes, written as hex with spaces; a text in quotes stands for its UTF-8. */
    TestConnection sends(String... pieces) {
        channel.writeInbound(memory.buffer().writeBytes(bytes(pieces)));
        channel.runPendingTasks();
        return this;
    }

    private static byte[] bytes(String... pieces) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String piece : pieces) {
            bytes.writeBytes(
                    piece.startsWith("'")
                            ? piece.substring(1, piece.length() - 1).getBytes(StandardCharsets.UTF_8)
                            : HEX.parseHex(piece.replace(" ", "")));
        }
        return bytes.toByteArray();
    }

    /** Everything the gateway has sent since the last call, as hex without spaces. */
    String answer() {
        return HEX.formatHex(answerBytes());
    }

    /** The same as text. */
    String answerText() {
        return new String(answerBytes(), StandardCharsets.UTF_8);
    }

    private byte[] answerBytes() {
        channel.runPendingTasks();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuf sent = channel.readOutbound();
        while (sent != null) {
            byte[] bytes = new byte[sent.readableBytes()];
            sent.readBytes(bytes);
            sent.release();
            answer.writeBytes(bytes);
            sent = channel.readOutbound();
        }
        return answer.toByteArray();
    }

    boolean isOpen() {
        channel.runPendingTasks();
        return channel.isOpen();
    }

    boolean isRead() {
        return channel.config().isAutoRead();
    }

    void loses() {
        channel.close();
        channel.runPendingTasks();
    }

    void runTasks() {
        channel.runPendingTasks();
    }

    void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    /** Bytes of the buffers that were taken for this connection and not given back. */
    long heldBytes() {
        return memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory();
    }

    long count(Counter counter) {
        return counters.of(counter);
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.conformance.Hex.string;
import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.api.Acknowledgement;
import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.TopicFilter;
import io.gantry.api.Uplink;
import io.gantry.mqtt.MqttServer;
import io.gantry.mqtt.TestListeners;
import io.gantry.mqtt.TestServers;
import io.gantry.mqtt.session.Counter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Beside a device whose messages go to many, over real sockets [A41]")
class FairnessTest {
    private static final int LOOPS = Runtime.getRuntime().availableProcessors();

    private final List<AutoCloseable> open = new ArrayList<>();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private MqttServer server;
    private InetSocketAddress address;

    @BeforeEach
    void listen() throws Exception {
        server = TestServers.open();
        open.add(server);
        server.addUplink(new TopicFilter("block"), new Blocking());
        address = server.listen(TestListeners.plain(), null);
    }

    @AfterEach
    void close() throws Exception {
        goesOn.countDown();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** A route that keeps the event loop of whoever publishes to it, until the test goes on. */
    private final class Blocking implements Uplink {
        @Override
        public void offer(Message message, Acknowledgement acknowledgement) {
            blocked.countDown();
            try {
                goesOn.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            acknowledgement.complete(Delivery.accepted());
        }
    }

    /** Connects under a name that lives on the loop of that number, as the server spreads them. */
    private Socket device(int loop, String name) throws IOException {
        String clientId = name;
        int hash = new ClientId(clientId).hashCode();
        for (int i = 0; Math.floorMod(hash ^ hash >>> 16, LOOPS) != loop; i++) {
            clientId = name + i;
            hash = new ClientId(clientId).hashCode();
        }
        Socket socket = new Socket(address.getAddress(), address.getPort());
        open.add(0, socket);
        socket.setSoTimeout(60_000);
        socket.setTcpNoDelay(true);
        send(socket, Hex.bytes(Connecting.of(V3_1_1, clientId).keepAlive(0).bytes()));
        assertThat(read(socket, 4)).isEqualTo("20020000");
        return socket;
    }

    private Socket subscriber(int loop) throws IOException {
        Socket socket = device(loop, "subscriber");
        send(socket, Hex.bytes(Hex.packet(0x82, "0001" + string("a") + "00")));
        assertThat(read(socket, 5)).isEqualTo("9003000100");
        return socket;
    }

    private void block(int loop) throws Exception {
        send(device(loop, "blocking"), Hex.bytes(Hex.packet(0x30, string("block"))));
        assertThat(blocked.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private static void send(Socket socket, byte[] written) throws IOException {
        socket.getOutputStream().write(written);
    }

    private static String read(Socket socket, int bytes) throws IOException {
        return HexFormat.of().withUpperCase().formatHex(socket.getInputStream().readNBytes(bytes));
    }

    /** So many messages of QoS 0 to {@code a}, numbered from 0. */
    private static byte[] messages(int count) {
        ByteBuffer packets = ByteBuffer.allocate(count * 7);
        for (int number = 0; number < count; number++) {
            packets.put(new byte[] {0x30, 5, 0, 1, 'a'}).putShort((short) number);
        }
        return packets.array();
    }

    private static void assertGets(Socket subscriber, int count) throws IOException {
        byte[] got = subscriber.getInputStream().readNBytes(count * 7);
        assertThat(got).isEqualTo(messages(count));
    }

    @Test
    @DisplayName(
            "it is read no further than a thousand messages ahead of a loop that takes them slowly; all of them arrive in"
                    + " the end, in order")
    void ahead() throws Exception {
        assumeTrue(LOOPS > 1, "one processor, so one event loop");
        int messages = 20_000;
        Socket subscriber = subscriber(1);
        Socket publisher = device(0, "publisher");
        block(1);

        send(publisher, messages(messages));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> server.count(Counter.PUBLISHERS_TOO_FAR_AHEAD) > 0);
        Socket neighbour = device(0, "neighbour");
        send(neighbour, Hex.bytes("C000"));
        assertThat(read(neighbour, 2)).isEqualTo("D000");
        assertThat(server.count(Counter.MESSAGES_RECEIVED)).isEqualTo(1 + 1_024);
        goesOn.countDown();

        assertGets(subscriber, messages);
    }

    @Test
    @DisplayName("another device of its loop is served after 256 of its deliveries, and not after all that it has sent")
    void turn() throws Exception {
        int messages = 5_000;
        CompletableFuture<Long> sentBefore = new CompletableFuture<>();
        server.addUplink(new TopicFilter("n"), (message, acknowledgement) -> {
            sentBefore.complete(server.count(Counter.MESSAGES_SENT));
            acknowledgement.complete(Delivery.accepted());
        });
        Socket subscriber = subscriber(0);
        Socket publisher = device(0, "publisher");
        Socket neighbour = device(0, "neighbour");
        block(0);

        send(publisher, messages(messages));
        send(neighbour, Hex.bytes(Hex.packet(0x30, string("n"))));
        goesOn.countDown();

        assertThat(sentBefore.get(60, TimeUnit.SECONDS)).isLessThanOrEqualTo(256);
        assertGets(subscriber, messages);
    }
}

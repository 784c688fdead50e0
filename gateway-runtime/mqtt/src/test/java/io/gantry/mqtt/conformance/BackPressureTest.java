// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.conformance.Hex.string;
import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.TopicFilter;
import io.gantry.api.Uplink;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.MqttServer;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.TestListeners;
import io.gantry.mqtt.TestServers;
import io.gantry.mqtt.session.Counter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Over real sockets")
class BackPressureTest {
    private static final int PAYLOAD = 64 * 1024;
    private static final int WINDOW = 10;
    private static final String CONNACK = "20020000";

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** A server whose devices get so many messages unacknowledged, with a listener. */
    private record Listening(MqttServer server, InetSocketAddress address) {}

    private Listening listen(LimitSettings limits, int acceptRate) throws Exception {
        MqttServer server = TestServers.with(limits);
        open.add(server);
        InetSocketAddress address = server.listen(TestListeners.withAcceptRate(acceptRate), null);
        return new Listening(server, address);
    }

    private Socket socket(Listening to) throws IOException {
        Socket socket = new Socket(to.address.getAddress(), to.address.getPort());
        open.add(0, socket);
        socket.setSoTimeout(60_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private Socket device(Listening to, String clientId) throws IOException {
        Socket socket = socket(to);
        send(socket, Connecting.of(V3_1_1, clientId).keepAlive(0).bytes());
        assertThat(read(socket, 4)).isEqualTo(CONNACK);
        return socket;
    }

    private Socket subscriber(Listening to, String clientId) throws IOException {
        Socket socket = device(to, clientId);
        send(socket, Hex.packet(0x82, "0001" + string("a") + "00"));
        assertThat(read(socket, 5)).isEqualTo("9003000100");
        return socket;
    }

    private static void send(Socket socket, String written) throws IOException {
        socket.getOutputStream().write(Hex.bytes(written));
    }

    private static String read(Socket socket, int bytes) throws IOException {
        return HexFormat.of().withUpperCase().formatHex(socket.getInputStream().readNBytes(bytes));
    }

    /** PUBLISH at QoS 1 to {@code a}, whose payload begins with its Packet Identifier. */
    private static byte[] publish(int packetId) {
        int remaining = 2 + 1 + 2 + PAYLOAD;
        ByteBuffer packet = ByteBuffer.allocate(4 + remaining);
        packet.put((byte) 0x32)
                .put((byte) (remaining & 0x7F | 0x80))
                .put((byte) (remaining >> 7 & 0x7F | 0x80))
                .put((byte) (remaining >> 14));
        packet.putShort((short) 1).put((byte) 'a').putShort((short) packetId).putShort((short) packetId);
        return packet.array();
    }

    /** The number of the message a subscriber at QoS 0 is sent next. */
    private static int nextOf(Socket subscriber) throws IOException {
        byte[] packet = subscriber.getInputStream().readNBytes(4 + 2 + 1 + PAYLOAD);
        return ByteBuffer.wrap(packet).getShort(7);
    }

    /** A route whose target answers nothing until it is well again. */
    private static final class Target implements Uplink {
        final CountDownLatch full = new CountDownLatch(WINDOW);
        private final List<Acknowledgement> owed = new ArrayList<>();
        private boolean well;
        private int taken;
        private int mostOwed;

        @Override
        public synchronized void offer(Message message, Acknowledgement acknowledgement) {
            taken++;
            if (well) {
                acknowledgement.complete(Delivery.accepted());
            } else {
                owed.add(acknowledgement);
                mostOwed = Math.max(mostOwed, owed.size());
                full.countDown();
            }
        }

        synchronized void recovers() {
            well = true;
            owed.forEach(each -> each.complete(Delivery.accepted()));
        }

        synchronized int taken() {
            return taken;
        }

        synchronized int mostOwed() {
            return mostOwed;
        }
    }

    @Test
    @DisplayName(
            "a device whose route does not answer is read no further than the messages it may have under way, so what it"
                    + " sends stays with it; all of it comes once the route answers")
    void publisher() throws Exception {
        int messages = 1_000;
        Listening listening = listen(TestLimits.withWindows(WINDOW, 100), 0);
        Target target = new Target();
        listening.server.addUplink(new TopicFilter("a"), target);
        Socket device = device(listening, "publisher");
        Thread sending = new Thread(() -> sendAll(device, messages));
        sending.start();

        assertThat(target.full.await(60, TimeUnit.SECONDS)).isTrue();
        letEveryLoopRun(listening);
        assertThat(listening.server.count(Counter.MESSAGES_RECEIVED)).isEqualTo(WINDOW);
        // 64 MiB do not fit between the two: what was not read cannot have been sent
        assertThat(sending.isAlive()).isTrue();
        target.recovers();

        for (int packetId = 1; packetId <= messages; packetId++) {
            assertThat(read(device, 4)).isEqualTo(String.format("4002%04X", packetId));
        }
        assertThat(target.mostOwed()).isEqualTo(WINDOW);
        assertThat(target.taken()).isEqualTo(messages);
        sending.join();
    }

    /** Other devices, one at least on each event loop as good as certainly, are answered again and again. */
    private void letEveryLoopRun(Listening listening) throws IOException {
        for (int i = 0; i < 12; i++) {
            Socket neighbour = device(listening, "neighbour " + i);
            for (int round = 0; round < 100; round++) {
                send(neighbour, "C000");
                assertThat(read(neighbour, 2)).isEqualTo("D000");
            }
        }
    }

    private static void sendAll(Socket device, int messages) {
        try {
            for (int packetId = 1; packetId <= messages; packetId++) {
                device.getOutputStream().write(publish(packetId));
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    @DisplayName(
            "a subscriber that does not read costs the publisher and its neighbour nothing: they get every answer and"
                    + " every message; it gets what its queue held when it reads again [A33]")
    void subscriber() throws Exception {
        Listening listening = listen(TestLimits.defaults(), 0);
        Socket publisher = device(listening, "publisher");
        Socket neighbour = subscriber(listening, "neighbour");
        Socket slow = subscriber(listening, "slow");

        int published = 0;
        while (listening.server.count(Counter.MESSAGES_DROPPED_QUEUE_FULL) < 50) {
            published++;
            publisher.getOutputStream().write(publish(published));
            assertThat(read(publisher, 4)).isEqualTo(String.format("4002%04X", published));
            assertThat(nextOf(neighbour)).isEqualTo(published);
            // far more than the two sockets' buffers and the queue can hold
            assertThat(published).isLessThan(10_000);
        }

        int got = 0;
        int last = 0;
        while (got < published - listening.server.count(Counter.MESSAGES_DROPPED_QUEUE_FULL)) {
            int next = nextOf(slow);
            assertThat(next).isGreaterThan(last);
            last = next;
            got++;
        }
        assertThat(got).isPositive();
    }

    @Test
    @DisplayName(
            "a storm of devices that all connect at once is let in at the listener's pace, every one of them [A38]")
    void storm() throws Exception {
        Listening listening = listen(TestLimits.defaults(), 50);
        List<Socket> devices = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            Socket socket = socket(listening);
            send(socket, Connecting.of(V3_1_1, "d" + i).bytes());
            devices.add(socket);
        }

        for (Socket device : devices) {
            assertThat(read(device, 4)).isEqualTo(CONNACK);
        }
        assertThat(listening.server.connections()).isEqualTo(120);
        assertThat(listening.server.count(Counter.CONNECTIONS_REFUSED)).isZero();
    }
}

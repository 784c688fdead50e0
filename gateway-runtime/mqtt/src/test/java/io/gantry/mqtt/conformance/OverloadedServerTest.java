// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gantry.api.MessageId;
import io.gantry.api.security.Gatekeeping;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.store.WriteOrder;
import io.gantry.mqtt.BanList.Ban;
import io.gantry.mqtt.BanList.Kind;
import io.gantry.mqtt.BanList.Subject;
import io.gantry.mqtt.HeapStore;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.ListenerSettings;
import io.gantry.mqtt.ListenerUrl;
import io.gantry.mqtt.MqttServer;
import io.gantry.mqtt.OverloadSettings;
import io.gantry.mqtt.Percent;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.session.Counter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A server on real sockets")
class OverloadedServerTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private static MqttServer start(LimitSettings limits) {
        return MqttServer.start(
                limits,
                new MessageId.Sequence(1, 1),
                Clock.systemUTC(),
                new WriteOrder(new HeapStore()),
                Gatekeeping.OPEN);
    }

    private static InetSocketAddress listen(MqttServer server, int acceptRatePerAddress) throws Exception {
        return server.listen(
                new ListenerSettings(
                        new ListenerUrl(InetAddress.getLoopbackAddress().getHostAddress(), 0),
                        null,
                        new ByteSize(4_096),
                        Duration.ofSeconds(60),
                        1_000,
                        1_000,
                        List.of(),
                        Duration.ofMinutes(1),
                        0,
                        acceptRatePerAddress,
                        false,
                        List.of()),
                null);
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(60_000);
        return socket;
    }

    /** Connects, and gives the return code of CONNACK. */
    private static String connects(Socket socket, String clientId) throws IOException {
        socket.getOutputStream().write(Hex.bytes(Connecting.of(V3_1_1, clientId).bytes()));
        return read(socket, 4);
    }

    private static String read(Socket socket, int bytes) throws IOException {
        return HexFormat.of().withUpperCase().formatHex(socket.getInputStream().readNBytes(bytes));
    }

    @Test
    @DisplayName(
            "sheds load while more direct memory is in use than its mark, keeps who is connected, and recovers by itself")
    void recovers() throws Exception {
        long most = PlatformDependent.maxDirectMemory();
        LimitSettings limits =
                TestLimits.with("overload", new OverloadSettings(new Percent(0), new Percent(20), Duration.ZERO));
        try (MqttServer server = start(limits)) {
            InetSocketAddress address = listen(server, 0);
            try (Socket before = connect(address)) {
                assertThat(connects(before, "before")).isEqualTo("20020000");
                ByteBuf taken = UnpooledByteBufAllocator.DEFAULT.directBuffer(Math.toIntExact(most / 4));
                try {
                    await().atMost(LONG).until(() -> server.overload().equals(Map.of("direct-memory", 1)));

                    try (Socket refused = connect(address)) {
                        assertThat(connects(refused, "refused")).isEqualTo("20020003");
                        assertThat(refused.getInputStream().read()).isEqualTo(-1);
                    }
                    before.getOutputStream().write(Hex.bytes(Hex.packet(0x30, Hex.string("a") + "'x'")));
                    before.getOutputStream().write(Hex.bytes(Hex.packet(0x32, Hex.string("a") + "0001" + "'y'")));
                    assertThat(read(before, 4)).isEqualTo("40020001");
                    assertThat(server.count(Counter.MESSAGES_SHED)).isOne();
                } finally {
                    taken.release();
                }

                await().atMost(LONG).until(() -> server.overload().equals(Map.of("direct-memory", 0)));
                try (Socket after = connect(address)) {
                    assertThat(connects(after, "after")).isEqualTo("20020000");
                }
                before.getOutputStream().write(Hex.bytes("C000"));
                assertThat(read(before, 2)).isEqualTo("D000");
            }
        }
    }

    @Test
    @DisplayName("closes connections of a banned address when it accepts them, before a word of MQTT or TLS")
    void banned() throws Exception {
        try (MqttServer server = start(TestLimits.defaults())) {
            InetSocketAddress address = listen(server, 0);
            String own = InetAddress.getLoopbackAddress().getHostAddress();
            server.bans().add(new Subject(Kind.ADDRESS, own), Ban.WITHOUT_END);

            try (Socket banned = connect(address)) {
                assertThat(banned.getInputStream().read()).isEqualTo(-1);
            }

            assertThat(server.count(Counter.CONNECTS_BANNED)).isOne();
            server.bans().remove(new Subject(Kind.ADDRESS, own));
            try (Socket again = connect(address)) {
                assertThat(connects(again, "again")).isEqualTo("20020000");
            }
        }
    }

    @Test
    @DisplayName("refuses who comes and goes, over and over, under one name, and nobody else from there [A35]")
    void flapping() throws Exception {
        LimitSettings limits = TestLimits.with(TestLimits.with("maxConnectsPerMinute", 0), "maxFlapsPerMinute", 3);
        try (MqttServer server = start(limits)) {
            InetSocketAddress address = listen(server, 0);
            while (server.count(Counter.FLAPPING_BANNED) == 0) {
                try (Socket flap = connect(address)) {
                    connects(flap, "twin");
                }
            }

            try (Socket banned = connect(address);
                    Socket other = connect(address)) {
                assertThat(connects(banned, "twin")).isEqualTo("20020005");
                assertThat(connects(other, "other")).isEqualTo("20020000");
            }

            Subject twin = new Subject(
                    Kind.CLIENT_AT_ADDRESS,
                    "twin@" + InetAddress.getLoopbackAddress().getHostAddress());
            assertThat(server.bans().list()).extracting(Ban::subject).containsExactly(twin);
        }
    }

    @Test
    @DisplayName("closes what comes faster from an address than max-accept-rate-per-address [A37]")
    void rate() throws Exception {
        try (MqttServer server = start(TestLimits.defaults())) {
            InetSocketAddress address = listen(server, 1);
            while (server.count(Counter.ADDRESS_ACCEPT_RATE_EXCEEDED) == 0) {
                connect(address).close();
            }

            await().atMost(LONG).until(() -> {
                try (Socket later = connect(address)) {
                    return connects(later, "later").equals("20020000");
                } catch (IOException closed) {
                    return false;
                }
            });
        }
    }
}

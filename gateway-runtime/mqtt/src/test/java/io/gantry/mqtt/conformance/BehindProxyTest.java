// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.security.AccessControl;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Gatekeeping;
import io.gantry.api.security.Identity;
import io.gantry.mqtt.BanList.Ban;
import io.gantry.mqtt.BanList.Kind;
import io.gantry.mqtt.BanList.Subject;
import io.gantry.mqtt.MqttServer;
import io.gantry.mqtt.TestListeners;
import io.gantry.mqtt.TestServers;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Behind a proxy that speaks the PROXY protocol")
class BehindProxyTest {
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    /** Decides on a thread of its own, as those that ask others do. */
    private final Gatekeeping gates = new Gatekeeping(
            shown -> CompletableFuture.supplyAsync(() -> {
                asked.add(shown.address().getHostAddress());
                return new Verdict.Accepted(Identity.named("ann"));
            }),
            Map.of(),
            AccessControl.OPEN);

    @Test
    @DisplayName("a device is known by its own address: to authenticators, and to bans, which end its connection"
            + " too, and refuse the next as soon as the header is read [A46]")
    void address() throws Exception {
        try (MqttServer server = TestServers.with(gates)) {
            InetSocketAddress address = server.listen(TestListeners.behind(List.of("127.0.0.0/8", "::1")), null);
            try (Socket banned = connect(address, "192.0.2.1");
                    Socket other = connect(address, "192.0.2.2")) {
                assertThat(read(banned, 4)).isEqualTo("20020000");
                assertThat(read(other, 4)).isEqualTo("20020000");
                assertThat(asked).containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2");

                server.bans().add(new Subject(Kind.ADDRESS, "192.0.2.1"), Ban.WITHOUT_END);

                assertThat(banned.getInputStream().read()).isEqualTo(-1);
                other.getOutputStream().write(Hex.bytes("C000"));
                assertThat(read(other, 2)).isEqualTo("D000");
                try (Socket again = connect(address, "192.0.2.1")) {
                    assertThat(again.getInputStream().read()).isEqualTo(-1);
                }
                assertThat(asked).hasSize(2);
            }
        }
    }

    private static Socket connect(InetSocketAddress address, String device) throws Exception {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(60_000);
        String header = "PROXY TCP4 " + device + " 10.0.0.1 50000 1883\r\n";
        socket.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(Hex.bytes(Connecting.of(V3_1_1, device).bytes()));
        return socket;
    }

    private static String read(Socket socket, int bytes) throws Exception {
        return HexFormat.of().withUpperCase().formatHex(socket.getInputStream().readNBytes(bytes));
    }
}

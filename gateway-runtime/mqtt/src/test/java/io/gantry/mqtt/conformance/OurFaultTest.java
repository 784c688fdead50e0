// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A fault of our own")
class OurFaultTest {
    private final TestServer server = new TestServer();
    private TestDevice neighbour = server.accepts(V5);

    @BeforeEach
    void connect() {
        server.breaks("broken");
        server.exhausts("exhausted");
        neighbour =
                server.connected(Connecting.of(V5, "neighbour").keepAlive(0)).subscribes(1, "here 00");
        neighbour.hears();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static Named<BiConsumer<TestServer, TestDevice>> when(
            String name, BiConsumer<TestServer, TestDevice> fault) {
        return Named.of(name, fault);
    }

    static Stream<Named<BiConsumer<TestServer, TestDevice>>> faults() {
        return Stream.of(
                when("PUBLISH at QoS 0", (server, device) -> device.publishes(0, 0, "broken", "x")),
                when("PUBLISH at QoS 1", (server, device) -> device.publishes(1, 1, "broken", "x")),
                when("PUBLISH at QoS 2", (server, device) -> device.publishes(2, 1, "broken", "x")),
                when("PUBLISH without memory", (server, device) -> device.publishes(1, 1, "exhausted", "x")),
                when("PUBACK", (server, device) -> {
                    device.subscribes(1, "a 01");
                    server.bringsAndBreaks("a", 1);
                    device.acks(1);
                }),
                when("PUBREC", (server, device) -> {
                    device.subscribes(1, "a 02");
                    server.bringsAndBreaks("a", 2);
                    device.sendsPubRec(1);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    @DisplayName("costs the connection on which it happened, and no other [A51]")
    void oneConnection(BiConsumer<TestServer, TestDevice> fault) {
        TestDevice device = server.connected(V5, "d1");

        fault.accept(server, device);

        assertThat(device.isOpen()).isFalse();
        assertThat(server.faults).isNotEmpty();
        server.brings("here", 0, "still");
        assertThat(neighbour.hears()).containsExactly("PUBLISH q0 here 'still'");
    }

    @Test
    @DisplayName("that nobody foresaw is told at the pipeline's end, also before CONNECT [A51]")
    void unforeseen() {
        TestDevice stranger = server.accepts(V5);
        TestDevice device = server.connected(V5, "d1");
        RuntimeException fault = new IllegalStateException("a test throws this");

        stranger.meets(fault);
        device.meets(fault);

        assertThat(server.faults).containsExactly(fault, fault);
        assertThat(stranger.isOpen()).isFalse();
        assertThat(device.isOpen()).isFalse();
        assertThat(neighbour.isOpen()).isTrue();
    }

    @Test
    @DisplayName("in publishing a will does not keep the connection, nor the session that ends with it [A51]")
    void will() {
        TestDevice device =
                server.connected(Connecting.of(V3_1_1, "d1").keepAlive(10).will(0, false, "broken", "x"));
        device.subscribes(1, "mine 01").hears();

        server.pass(15_000);

        assertThat(device.isOpen()).isFalse();
        server.brings("mine", 1, "for nobody");
        assertThat(server.outcomes).hasSize(1);
        assertThat(neighbour.isOpen()).isTrue();
    }

    @Test
    @DisplayName("when a session expires keeps neither that session nor one that expires later [A52]")
    void expiry() {
        server.connected(Connecting.resuming(V5, "first").will(0, false, "broken", "x", "18 00000064"))
                .vanishes();
        server.connected(Connecting.resuming(V5, "second")).vanishes();

        server.pass(100_000);

        assertThat(answer("first")).startsWith("CONNACK 00 {");
        assertThat(answer("second")).startsWith("CONNACK 00 {");
        assertThat(neighbour.isOpen()).isTrue();
    }

    /** To a device that would have its session back. */
    private String answer(String clientId) {
        return server.accepts(V5)
                .sends(Connecting.resuming(V5, clientId).bytes())
                .hears()
                .get(0);
    }
}

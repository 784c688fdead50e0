// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.TopicFilter;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.session.Counter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The limits of a device")
class LimitsTest {
    private static final String CONNECT_5 = "10 0F 0004 4D515454 05 02 000A 00 0002 6431";
    private static final String TOO_MANY_PROPERTIES = "A501" + "26 0000 0000".repeat(33);

    private final TestConnection device = new TestConnection(TestLimits.withPublishRate(2));
    private final List<Message> taken = new ArrayList<>();

    @AfterEach
    void close() {
        device.close();
    }

    private void connects() {
        device.distributor.addUplink(new TopicFilter("a"), (message, acknowledgement) -> {
            taken.add(message);
            acknowledgement.complete(Delivery.accepted());
        });
        device.sends(CONNECT_5).answer();
    }

    @Test
    @DisplayName("a PUBLISH with too many User Properties is refused with 0x97, and the connection stays")
    void userProperties() {
        connects();

        device.sends("32 AC01 0001 61 0005" + TOO_MANY_PROPERTIES, "34 AC01 0001 61 0006" + TOO_MANY_PROPERTIES);

        assertThat(device.answer()).startsWith("40").contains("0005" + "97").contains("0006" + "97");
        assertThat(device.isOpen()).isTrue();
        assertThat(taken).isEmpty();
    }

    @Test
    @DisplayName("at QoS 0 such a PUBLISH is dropped and counted, and the Topic Alias it sets is known")
    void userPropertiesQos0() {
        connects();

        device.sends("30 AD01 0001 61" + "A801" + "26 0000 0000".repeat(33) + "23 0001", "30 06 0000 03 23 0001");

        assertThat(device.isOpen()).isTrue();
        assertThat(taken).hasSize(1);
        assertThat(device.count(Counter.MESSAGES_REJECTED)).isEqualTo(1);
    }

    @Test
    @DisplayName("a CONNECT with too many User Properties is refused with 0x97")
    void userPropertiesOfConnect() {
        device.sends("10 B501 0004 4D515454 05 02 000A" + TOO_MANY_PROPERTIES + "0002 6431");

        assertThat(device.answer()).isEqualTo("2003" + "009700");
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("a device that publishes too fast is read more slowly, and loses nothing")
    void publishRate() {
        connects();

        device.sends("30 04 0001 61 00", "30 04 0001 61 00", "30 04 0001 61 00", "30 04 0001 61 00");
        assertThat(taken).hasSize(3);
        assertThat(device.isRead()).isFalse();
        device.pass(500);

        assertThat(taken).hasSize(4);
        assertThat(device.isOpen()).isTrue();
        assertThat(device.count(Counter.PUBLISH_RATE_EXCEEDED)).isEqualTo(2);
        device.pass(500);
        assertThat(device.isRead()).isTrue();
    }

    @Test
    @DisplayName(
            "more than a thousand acknowledgements a second for messages it was not sent close its connection [A23]")
    void unknownAcks() {
        connects();

        device.sends("40 02 0001".repeat(1_000));
        assertThat(device.isOpen()).isTrue();
        device.sends("40 02 0001");

        assertThat(device.isOpen()).isFalse();
        assertThat(device.answer()).startsWith("E0").contains("97");
        assertThat(device.count(Counter.ACKS_UNKNOWN)).isEqualTo(1_001);
    }

    @Test
    @DisplayName("an address has so many connections at the same time, and more when some have closed [A31]")
    void perAddress() {
        ConnectionLimit limit = new ConnectionLimit(100, 1, device.counters);
        EmbeddedChannel first = from(1);

        assertThat(limit.admitsAddressOf(first)).isTrue();
        EmbeddedChannel second = from(1);
        assertThat(limit.admitsAddressOf(second)).isFalse();
        assertThat(limit.admitsAddressOf(from(2))).isTrue();

        second.close();
        first.close();
        assertThat(limit.admitsAddressOf(from(1))).isTrue();
        assertThat(device.count(Counter.CONNECTIONS_REFUSED)).isEqualTo(1);
    }

    @Test
    @DisplayName("a listener has so many connections at the same time, from whatever address")
    void perListener() {
        ConnectionLimit limit = new ConnectionLimit(1, 100, device.counters);
        EmbeddedChannel first = from(1);

        assertThat(limit.admits(first)).isTrue();
        EmbeddedChannel second = from(2);
        assertThat(limit.admits(second)).isFalse();
        second.close();
        first.close();

        assertThat(limit.admits(from(3))).isTrue();
        assertThat(device.count(Counter.CONNECTIONS_REFUSED)).isEqualTo(1);
    }

    @Test
    @DisplayName("a listener that is connected to too fast accepts more slowly, and turns nobody away [A37]")
    void acceptRate() {
        EmbeddedChannel listener = new EmbeddedChannel();
        listener.freezeTime();
        listener.pipeline().addLast(new AcceptPace(2, device.counters));

        listener.writeInbound("first", "second");
        assertThat(listener.config().isAutoRead()).isTrue();
        listener.writeInbound("third", "fourth");

        assertThat(listener.config().isAutoRead()).isFalse();
        assertThat(listener.inboundMessages()).hasSize(4);
        assertThat(device.count(Counter.ACCEPT_RATE_EXCEEDED)).isEqualTo(1);
        listener.advanceTimeBy(500, TimeUnit.MILLISECONDS);
        listener.runScheduledPendingTasks();
        assertThat(listener.config().isAutoRead()).isTrue();
    }

    private static EmbeddedChannel from(int host) {
        return new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress("127.0.0." + host, 1883);
            }
        };
    }
}

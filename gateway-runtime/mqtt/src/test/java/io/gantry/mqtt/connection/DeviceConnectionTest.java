// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.session.Counter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A device's connection")
class DeviceConnectionTest {
    private static final String CONNECT_311 = "10 0E 0004 4D515454 04 02 000A 0002 6431";
    private static final String CONNECT_5 = "10 0F 0004 4D515454 05 02 000A 00 0002 6431";
    private static final String CONNECT_WITH_WILL = "10 13 0004 4D515454 04 06 000A 0002 6431 0001 77 0000";
    private static final String CONNACK_311 = "20020000";
    private static final String PUBLISH_Q1 = "32 07 0001 61 0005 78 78";
    private static final String PUBLISH_Q1_V5 = "32 07 0001 61 0005 00 78";

    private final TestConnection device = new TestConnection(TestLimits.withWindows(2, 100));
    private final List<Message> taken = new ArrayList<>();
    private final List<Acknowledgement> open = new ArrayList<>();

    @AfterEach
    void close() {
        device.close();
    }

    private void route(String filter) {
        device.distributor.addUplink(new TopicFilter(filter), (message, acknowledgement) -> {
            taken.add(message);
            open.add(acknowledgement);
        });
    }

    @Test
    @DisplayName("[3.1.1/MQTT-3.2.0-1] [5.0/MQTT-3.2.0-1] CONNECT is answered with CONNACK before anything else")
    void connAck() {
        assertThat(device.sends(CONNECT_311).answer()).isEqualTo(CONNACK_311);
        assertThat(device.isOpen()).isTrue();
        assertThat(device.connections.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("a 5.0 device is told the gateway's limits in CONNACK")
    void connAck5() {
        String answer = device.sends(CONNECT_5).answer();

        assertThat(answer)
                .startsWith("20")
                .contains("210002")
                .contains("2700001000")
                .contains("22000A");
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.3-6] a device without a name is given one")
    void assignedName() {
        String answer = device.sends("10 0D 0004 4D515454 05 02 000A 00 0000").answer();

        assertThat(answer).contains("12002B" + "67616E7472792D");
    }

    @Test
    @DisplayName("[3.1.1/MQTT-3.1.3-8] an empty Client Identifier without Clean Session is refused with 0x02")
    void namelessForLong() {
        assertThat(device.sends("10 0C 0004 4D515454 04 00 000A 0000").answer()).isEqualTo("20020002");
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("a connection that does not say CONNECT within its time is closed, however it sends bytes [A31]")
    void connectDeadline() {
        device.pass(9_999);
        assertThat(device.isOpen()).isTrue();

        device.sends("10");
        device.pass(1);

        assertThat(device.isOpen()).isFalse();
        assertThat(device.count(Counter.CONNECTIONS_REFUSED)).isEqualTo(1);
    }

    @Test
    @DisplayName("the time for CONNECT is over once CONNECT has come")
    void connectInTime() {
        device.sends(CONNECT_311).answer();

        device.pass(10_000);

        assertThat(device.isOpen()).isTrue();
        assertThat(device.count(Counter.CONNECTIONS_REFUSED)).isZero();
    }

    @Test
    @DisplayName("PUBACK is sent when the route's target has confirmed, and not before")
    void pubAck() {
        route("a");
        device.sends(CONNECT_311).answer();

        device.sends(PUBLISH_Q1);
        assertThat(device.answer()).isEmpty();
        open.get(0).complete(Delivery.accepted());

        assertThat(device.answer()).isEqualTo("40020005");
        assertThat(taken).singleElement().satisfies(message -> {
            assertThat(message.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
            assertThat(message.payload().asText()).isEqualTo("xx");
        });
    }

    @Test
    @DisplayName("with two routes PUBACK waits for both")
    void twoRoutes() {
        route("a");
        route("#");
        device.sends(CONNECT_311, PUBLISH_Q1).answer();

        open.get(0).complete(Delivery.accepted());
        assertThat(device.answer()).isEmpty();
        open.get(1).complete(Delivery.accepted());

        assertThat(device.answer()).isEqualTo("40020005");
    }

    @Test
    @DisplayName("packets sent together with CONNECT are read after CONNACK, in their order")
    void pipelined() {
        route("a");

        device.sends(CONNECT_311, PUBLISH_Q1, "C000");

        assertThat(device.answer()).isEqualTo(CONNACK_311 + "D000");
        assertThat(taken).hasSize(1);
    }

    @Test
    @DisplayName("a failed target gives a 5.0 device the reason code and a fixed text")
    void failed5() {
        route("a");
        device.sends(CONNECT_5, PUBLISH_Q1_V5).answer();

        open.get(0).complete(new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "full"));

        assertThat(device.answer()).isEqualTo("400B0005" + "97" + "07" + "1F0004" + "66756C6C");
        assertThat(device.isOpen()).isTrue();
    }

    @Test
    @DisplayName("a failed target gives a 3.1.1 device no PUBACK: it is not read, and closed after a while")
    void failed311() {
        route("a");
        device.sends(CONNECT_311, PUBLISH_Q1).answer();

        open.get(0).complete(new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "full"));
        device.runTasks();
        assertThat(device.isRead()).isFalse();
        assertThat(device.isOpen()).isTrue();
        device.pass(5_000);

        assertThat(device.answer()).isEmpty();
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("a 3.1.1 device with too many messages under way is not read until one is answered")
    void backPressure() {
        route("a");
        device.sends(CONNECT_311, "32 07 0001 61 0001 78 78", "32 07 0001 61 0002 78 78", "32 07 0001 61 0003 78 78");
        assertThat(taken).hasSize(2);
        assertThat(device.isRead()).isFalse();

        open.get(0).complete(Delivery.accepted());
        device.runTasks();

        assertThat(taken).hasSize(3);
    }

    @Test
    @DisplayName("[5.0/MQTT-3.3.4-7] a 5.0 device over the Receive Maximum is disconnected with 0x93")
    void receiveMaximum() {
        route("a");
        device.sends(CONNECT_5).answer();

        device.sends("32 07 0001 61 0001 00 78", "32 07 0001 61 0002 00 78", "32 07 0001 61 0003 00 78");

        assertThat(device.answer()).startsWith("E0").contains("93");
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("[3.1.1/MQTT-3.1.2-24] [5.0/MQTT-3.1.2-22] silence of 1.5 times the Keep Alive closes the connection")
    void keepAlive() {
        device.sends(CONNECT_311).answer();
        device.pass(14_999);
        assertThat(device.isOpen()).isTrue();

        device.pass(1);

        assertThat(device.isOpen()).isFalse();
        assertThat(device.count(Counter.KEEP_ALIVE_TIMEOUTS)).isEqualTo(1);
    }

    @Test
    @DisplayName("half a packet does not count as a sign of life [A30]")
    void halfAPacket() {
        device.sends(CONNECT_5).answer();
        device.pass(14_000);
        device.sends("C0");

        device.pass(1_000);

        assertThat(device.answer()).isEqualTo("E0018D");
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.2-8] the will is published when the connection is lost")
    void will() {
        route("w");
        device.sends(CONNECT_WITH_WILL).answer();

        device.loses();

        assertThat(taken)
                .singleElement()
                .satisfies(message -> assertThat(message.topic().value()).isEqualTo("w"));
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.2-10] [3.1.1/MQTT-3.1.2-10] the will is not published after DISCONNECT")
    void noWill() {
        route("w");

        device.sends(CONNECT_WITH_WILL, "E000");

        assertThat(device.isOpen()).isFalse();
        assertThat(taken).isEmpty();
    }

    @Test
    @DisplayName("malformed bytes close the connection and are counted")
    void malformed() {
        device.sends(CONNECT_5).answer();

        device.sends("36 07 0001 61 0001 00 78");

        assertThat(device.answer()).startsWith("E0").contains("81");
        assertThat(device.isOpen()).isFalse();
        assertThat(device.count(Counter.PACKETS_MALFORMED)).isEqualTo(1);
    }

    @Test
    @DisplayName("a 300 MB length closes the connection at the fixed header")
    void hugeLength() {
        device.sends("10 FFFFFF7F");

        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("an HTTP request is closed without an answer")
    void http() {
        device.sends("'GET / HTTP/1.1'", "0D0A0D0A");

        assertThat(device.answer()).isEmpty();
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("a Topic Alias stands for the topic it was set with")
    void topicAlias() {
        route("a");
        device.sends(CONNECT_5).answer();

        device.sends("30 08 0001 61 03 23 0001 78", "30 07 0000 03 23 0001 79");

        assertThat(taken).extracting(message -> message.payload().asText()).containsExactly("x", "y");
        device.sends("30 07 0000 03 23 000B 79");
        assertThat(device.answer()).startsWith("E0").contains("94");
    }

    @Test
    @DisplayName("SUBSCRIBE is answered per filter, of Shared Subscriptions too")
    void subAck() {
        device.sends(CONNECT_5).answer();

        device.sends("82 1C 0001 00 0001 61 01 0005", "'a/#/b'", "00 000A", "'$share/g/t'", "02");

        assertThat(device.answer()).isEqualTo("9006" + "0001" + "00" + "018F02");
    }

    @Test
    @DisplayName("a Shared Subscription is granted to a 3.1.1 device too, and gets what is published")
    void shared311() {
        device.sends(CONNECT_311).answer();

        device.sends("82 0F 0001 000A", "'$share/g/t'", "01").sends("30 04 0001 74 78");

        assertThat(device.answer()).isEqualTo("9003000101" + "300400017478");
    }

    @Test
    @DisplayName(
            "a Mosquitto bridge, marked in its level, does not get back what it publishes; others get it as retained")
    void bridge() {
        device.sends("10 0E 0004 4D515454 84 02 000A 0002 6431").answer();

        device.sends("82 06 0001 0001 61 01", "30 04 0001 61 78");

        assertThat(device.answer()).isEqualTo("9003000101");
        device.distributor.fromDevice(retained("a"), null, null, Acknowledgement.NOBODY);
        assertThat(device.answer()).isEqualTo("310300016" + "1");
    }

    private static Message retained(String topic) {
        return new Message(
                new MessageId.Sequence(1, 1).next(),
                new TopicName(topic),
                Payload.EMPTY,
                Qos.AT_MOST_ONCE,
                true,
                MessageProperties.NONE,
                new Origin.Endpoint("plant", null, List.of()),
                1);
    }

    @Test
    @DisplayName("MQTT 3.1 is spoken as 3.1.1, and a refused version is told in its own return code")
    void mqtt31() {
        assertThat(device.sends("10 10 0006 4D5149736470 03 02 000A 0002 6431").answer())
                .isEqualTo(CONNACK_311);
        assertThat(device.sends(PUBLISH_Q1).answer()).isEqualTo("40020005");
    }

    @Test
    @DisplayName("publishing to a topic of the server's own is refused")
    void reservedTopic() {
        device.sends(CONNECT_5).answer();

        device.sends("32 0A 0004", "'$SYS'", "0001 00 78");

        assertThat(device.answer()).startsWith("40").contains("0001" + "90");
    }

    @Test
    @DisplayName(
            "a Mosquitto bridge may have its state as will and publish it: nobody gets it, and the connection stays")
    void bridgeState() {
        route("#");
        String state = "001A 245359532F62726F6B65722F636F6E6E656374696F6E2F622F73 ";
        device.sends("10 2D 0004 4D515454 04 06 000A 0002 6272 " + state + "0001 30");

        assertThat(device.answer()).isEqualTo(CONNACK_311);
        assertThat(device.sends("33 1F " + state + "0005 31").answer()).isEqualTo("40020005");
        assertThat(device.isOpen()).isTrue();
        device.loses();
        assertThat(taken).isEmpty();
        assertThat(device.count(Counter.MESSAGES_REJECTED)).isEqualTo(2);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static io.gantry.mqtt.codec.Bytes.packet;
import static io.gantry.mqtt.codec.Bytes.string;
import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;

import java.util.ArrayList;
import java.util.List;

/** CONNECT packets that are refused. */
final class ConnectRejections {

    private ConnectRejections() {}

    static List<Rejection> all() {
        List<Rejection> all = new ArrayList<>();
        all.addAll(protocol());
        all.addAll(flags());
        all.addAll(fields());
        all.addAll(wills());
        all.addAll(properties());
        return all;
    }

    private static List<Rejection> protocol() {
        String rest = "02 00 00 00 00";
        return List.of(
                Rejection.first(
                        "mqtt in lower case", null, packet(0x10, "0004 'mqtt' 04" + rest), Rule.PROTOCOL_NAME, 0x81),
                Rejection.first("AMQP", null, packet(0x10, "0004 'AMQP' 05" + rest), Rule.PROTOCOL_NAME, 0x81),
                Rejection.first(
                        "MQIsdp, level 4", V3_1_1, packet(0x10, "0006 'MQIsdp' 04" + rest), Rule.PROTOCOL_LEVEL, 0x84),
                Rejection.first("level 3", V3_1_1, packet(0x10, "0004 'MQTT' 03" + rest), Rule.PROTOCOL_LEVEL, 0x84),
                Rejection.first("level 6", V5, packet(0x10, "0004 'MQTT' 06" + rest), Rule.PROTOCOL_LEVEL, 0x84),
                Rejection.first("level 255", V5, packet(0x10, "0004 'MQTT' FF" + rest), Rule.PROTOCOL_LEVEL, 0x84),
                Rejection.first(
                        "level 5 with a bridge's bit",
                        V5,
                        packet(0x10, "0004 'MQTT' 85" + rest),
                        Rule.PROTOCOL_LEVEL,
                        0x84),
                Rejection.first(
                        "Protocol Name past the end", null, packet(0x10, "0014 'MQTT' 04" + rest), Rule.LENGTH, 0x81),
                Rejection.first("Protocol Name only", null, packet(0x10, "0004 'MQTT'"), Rule.LENGTH, 0x81),
                Rejection.first("nothing", null, packet(0x10, ""), Rule.LENGTH, 0x81));
    }

    private static List<Rejection> flags() {
        return List.of(
                in311("reserved flag", "03", "0000", Rule.CONNECT_RESERVED_FLAG, 0x81),
                in5("reserved flag", "01", "", "0000", Rule.CONNECT_RESERVED_FLAG, 0x81),
                in311("Will QoS 1 without Will Flag", "0A", "0000", Rule.WILL_QOS_WITHOUT_WILL, 0x81),
                in5("Will QoS 3 without Will Flag", "18", "", "0000", Rule.WILL_QOS_WITHOUT_WILL, 0x81),
                in311("Will Retain without Will Flag", "22", "0000", Rule.WILL_RETAIN_WITHOUT_WILL, 0x81),
                in5("Will Retain without Will Flag", "20", "", "0000", Rule.WILL_RETAIN_WITHOUT_WILL, 0x81),
                in311("Will QoS 3", "1E", "0000 0001 'a' 0000", Rule.WILL_QOS, 0x81),
                in5("Will QoS 3", "1C", "", "0000 00 0001 'a' 0000", Rule.WILL_QOS, 0x81),
                in311("password without user name", "42", "0000 0001 'x'", Rule.PASSWORD_WITHOUT_USER_NAME, 0x81));
    }

    private static List<Rejection> fields() {
        String longId = "'" + "x".repeat(101) + "'";
        return List.of(
                in311("Client Identifier of 101 bytes", "02", "0065" + longId, Rule.CLIENT_ID_LENGTH, 0x85),
                in5("Client Identifier of 101 bytes", "02", "", "0065" + longId, Rule.CLIENT_ID_LENGTH, 0x85),
                in311("no Client Identifier", "02", "", Rule.LENGTH, 0x81),
                in5("no Client Identifier", "02", "", "", Rule.LENGTH, 0x81),
                in311("Client Identifier with U+0000", "02", "0003 'a' 00 'b'", Rule.NULL_CHARACTER, 0x81),
                in311("Client Identifier with a newline", "02", "0003 'a' 0A 'b'", Rule.CONTROL_CHARACTER, 0x81),
                in311("user name not UTF-8", "82", "0000 0002 C3 28", Rule.UTF_8, 0x81),
                in311("no user name", "82", "0000", Rule.LENGTH, 0x81),
                in311("no password", "C2", "0000 0001 'u'", Rule.LENGTH, 0x81),
                in311("user name without its flag", "02", "0000 0001 'u'", Rule.LENGTH, 0x81),
                in5("password without its flag", "02", "", "0000 0001 'p'", Rule.LENGTH, 0x81));
    }

    private static List<Rejection> wills() {
        return List.of(
                in311("Will Topic with +", "06", "0000 0003 'a/+' 0000", Rule.WILL_TOPIC_WILDCARD, 0x90),
                in5("Will Topic with #", "06", "", "0000 00 0001 '#' 0000", Rule.WILL_TOPIC_WILDCARD, 0x90),
                in311("empty Will Topic", "06", "0000 0000 0000", Rule.WILL_TOPIC_EMPTY, 0x90),
                in5("empty Will Topic", "06", "", "0000 00 0000 0000", Rule.WILL_TOPIC_EMPTY, 0x90),
                in5("Will Topic with U+0000", "06", "", "0000 00 0001 00 0000", Rule.NULL_CHARACTER, 0x81),
                in5(
                        "Will Topic of 201 bytes",
                        "06",
                        "",
                        "0000 00" + string("x".repeat(201)) + "0000",
                        Rule.TOPIC_LENGTH,
                        0x90),
                in5(
                        "Will Topic of 9 levels",
                        "06",
                        "",
                        "0000 00" + string("/".repeat(8)) + "0000",
                        Rule.TOPIC_LEVELS,
                        0x90),
                in5("Will without Will Properties", "06", "", "0000 0001 'a' 0000", Rule.LENGTH, 0x81),
                in5("Topic Alias in Will", "06", "", "0000 03 23 0001 0001 'a' 0000", Rule.PROPERTY_ALLOWED, 0x81),
                in5(
                        "two Will Delay Intervals",
                        "06",
                        "",
                        "0000 0A 1800000001 1800000001 0001 'a' 0000",
                        Rule.PROPERTY_ONCE,
                        0x82),
                in5("Payload Format 2 in Will", "06", "", "0000 02 01 02 0001 'a' 0000", Rule.PAYLOAD_FORMAT, 0x82),
                in5(
                        "Response Topic # in Will",
                        "06",
                        "",
                        "0000 04 08 0001 '#' 0001 'a' 0000",
                        Rule.RESPONSE_TOPIC,
                        0x82));
    }

    private static List<Rejection> properties() {
        return List.of(
                in5("Receive Maximum 0", "02", "21 0000", "0000", Rule.RECEIVE_MAXIMUM, 0x82),
                in5("Maximum Packet Size 0", "02", "27 00000000", "0000", Rule.MAXIMUM_PACKET_SIZE, 0x82),
                in5("Request Response Information 2", "02", "19 02", "0000", Rule.REQUEST_RESPONSE_INFORMATION, 0x82),
                in5("Request Problem Information 255", "02", "17 FF", "0000", Rule.REQUEST_PROBLEM_INFORMATION, 0x82),
                in5("Authentication Data alone", "02", "16 0001 00", "0000", Rule.AUTHENTICATION_DATA, 0x82),
                in5("two Session Expiry Intervals", "02", "1100000001 1100000001", "0000", Rule.PROPERTY_ONCE, 0x82),
                in5("two Receive Maximums", "02", "21 0001 21 0001", "0000", Rule.PROPERTY_ONCE, 0x82),
                in5("two Authentication Methods", "02", "15 0001 'a' 15 0001 'a'", "0000", Rule.PROPERTY_ONCE, 0x82),
                in5("Server Keep Alive", "02", "13 0001", "0000", Rule.PROPERTY_ALLOWED, 0x81),
                in5("Reason String", "02", "1F 0001 'a'", "0000", Rule.PROPERTY_ALLOWED, 0x81),
                in5("Will Delay Interval outside the Will", "02", "18 00000001", "0000", Rule.PROPERTY_ALLOWED, 0x81),
                in5("five User Properties", "02", "26 0000 0000".repeat(5), "0000", Rule.USER_PROPERTIES, 0x97),
                tooManyPropertyBytes());
    }

    private static Rejection tooManyPropertyBytes() {
        String properties = "D50F 26 0000 07D0" + "61".repeat(2_000);
        byte[] bytes = packet(0x10, "0004 'MQTT' 05 02 0000" + properties + "0000");
        return Rejection.first("CONNECT: 2,005 bytes of properties", V5, bytes, Rule.PROPERTY_BYTES, 0x97);
    }

    private static Rejection in311(String name, String flags, String payload, Rule rule, int reasonCode) {
        byte[] bytes = packet(0x10, "0004 'MQTT' 04" + flags + "0000" + payload);
        return Rejection.first("CONNECT: " + name, V3_1_1, bytes, rule, reasonCode);
    }

    private static Rejection in5(
            String name, String flags, String properties, String payload, Rule rule, int reasonCode) {
        String length = String.format("%02X", Bytes.of(properties).length);
        byte[] bytes = packet(0x10, "0004 'MQTT' 05" + flags + "0000" + length + properties + payload);
        return Rejection.first("CONNECT: " + name, V5, bytes, rule, reasonCode);
    }
}

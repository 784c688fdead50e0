// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static io.gantry.mqtt.codec.Bytes.packet;
import static io.gantry.mqtt.codec.Rejection.first;
import static io.gantry.mqtt.codec.Rejection.in311;
import static io.gantry.mqtt.codec.Rejection.in5;

import java.util.ArrayList;
import java.util.List;

/** Fixed headers that are wrong, and packets whose length is not that of their fields. */
final class FramingRejections {

    private FramingRejections() {}

    static List<Rejection> all() {
        List<Rejection> all = new ArrayList<>();
        all.addAll(types());
        all.addAll(flags());
        all.addAll(remainingLengths());
        all.addAll(lengths());
        return all;
    }

    private static List<Rejection> types() {
        return List.of(
                first("PUBLISH before CONNECT", null, Bytes.of("30 03 00 01 'a'"), Rule.FIRST_PACKET, 0x82),
                first("AUTH before CONNECT", null, Bytes.of("F0 00"), Rule.FIRST_PACKET, 0x82),
                first("an HTTP request", null, Bytes.of("'GET / HTTP/1.1'"), Rule.FIRST_PACKET, 0x82),
                first("a TLS hello", null, Bytes.of("16 03 01 02 00"), Rule.FIRST_PACKET, 0x82),
                first("CONNECT with a flag", null, Bytes.of("11 0C"), Rule.FIRST_PACKET, 0x82),
                in311("second CONNECT", Bytes.of(Device.CONNECT_311), Rule.SECOND_CONNECT, 0x82),
                in5("second CONNECT", Bytes.of(Device.CONNECT_5), Rule.SECOND_CONNECT, 0x82),
                in5("type 0", Bytes.of("00 00"), Rule.PACKET_TYPE, 0x81),
                in311("type 15", Bytes.of("F0 00"), Rule.PACKET_TYPE, 0x81),
                in5("CONNACK from a device", Bytes.of("20 02 00 00"), Rule.PACKET_DIRECTION, 0x82),
                in5("SUBACK from a device", Bytes.of("90 04 00 01 00 00"), Rule.PACKET_DIRECTION, 0x82),
                in5("UNSUBACK from a device", Bytes.of("B0 04 00 01 00 00"), Rule.PACKET_DIRECTION, 0x82),
                in311("PINGRESP from a device", Bytes.of("D0 00"), Rule.PACKET_DIRECTION, 0x82));
    }

    private static List<Rejection> flags() {
        return List.of(
                in5("PUBACK with flags", Bytes.of("41 02 00 01"), Rule.RESERVED_FLAGS, 0x81),
                in311("PUBREC with flags", Bytes.of("52 02 00 01"), Rule.RESERVED_FLAGS, 0x81),
                in5("PUBREL without flags", Bytes.of("60 02 00 01"), Rule.PUBREL_FLAGS, 0x81),
                in311("PUBREL without flags", Bytes.of("60 02 00 01"), Rule.PUBREL_FLAGS, 0x81),
                in5("PUBCOMP with flags", Bytes.of("72 02 00 01"), Rule.RESERVED_FLAGS, 0x81),
                in5("SUBSCRIBE without flags", Bytes.of("80 07 00 01 00 00 01 'a' 00"), Rule.SUBSCRIBE_FLAGS, 0x81),
                in311("SUBSCRIBE without flags", Bytes.of("80 06 00 01 00 01 'a' 00"), Rule.SUBSCRIBE_FLAGS, 0x81),
                in5("UNSUBSCRIBE with flags 3", Bytes.of("A3 06 00 01 00 00 01 'a'"), Rule.UNSUBSCRIBE_FLAGS, 0x81),
                in311("UNSUBSCRIBE without flags", Bytes.of("A0 05 00 01 00 01 'a'"), Rule.UNSUBSCRIBE_FLAGS, 0x81),
                in311("PINGREQ with flags", Bytes.of("C1 00"), Rule.RESERVED_FLAGS, 0x81),
                in5("DISCONNECT with flags", Bytes.of("E2 00"), Rule.DISCONNECT_FLAGS, 0x81),
                in311("DISCONNECT with flags", Bytes.of("E8 00"), Rule.DISCONNECT_FLAGS, 0x81),
                in5("AUTH with flags", Bytes.of("F1 00"), Rule.AUTH_FLAGS, 0x81),
                in5("PUBLISH with QoS 3", Bytes.of("36 06 00 01 'a' 00 01 00"), Rule.PUBLISH_QOS, 0x81),
                in311("PUBLISH with QoS 3", Bytes.of("36 05 00 01 'a' 00 01"), Rule.PUBLISH_QOS, 0x81),
                in5("PUBLISH with QoS 0 and DUP", Bytes.of("38 04 00 01 'a' 00"), Rule.PUBLISH_DUP, 0x81),
                in311("PUBLISH with QoS 0 and DUP", Bytes.of("39 03 00 01 'a'"), Rule.PUBLISH_DUP, 0x81));
    }

    private static List<Rejection> remainingLengths() {
        return List.of(
                first("CONNECT of 300 MB", null, Bytes.of("10 FF FF FF 7F"), Rule.SIZE, 0x95),
                in5("PUBLISH one byte too large: 4097 with its header", Bytes.of("30 FE 1F"), Rule.SIZE, 0x95),
                in311("PUBLISH of 300 MB", Bytes.of("30 FF FF FF 7F"), Rule.SIZE, 0x95),
                first("Remaining Length of 5 bytes", null, Bytes.of("10 80 80 80 80"), Rule.INTEGER_LENGTH, 0x81),
                in5("Remaining Length of 5 bytes", Bytes.of("30 FF FF FF FF"), Rule.INTEGER_LENGTH, 0x81),
                in311("Remaining Length of 5 bytes", Bytes.of("30 FF FF FF FF"), Rule.INTEGER_LENGTH, 0x81),
                in5("Remaining Length 80 00", Bytes.of("C0 80 00"), Rule.INTEGER_SHORTEST, 0x81),
                in311("Remaining Length 80 80 00", Bytes.of("C0 80 80 00"), Rule.INTEGER_SHORTEST, 0x81),
                in5("Remaining Length 83 80 00", Bytes.of("30 83 80 00 00 01 'a'"), Rule.INTEGER_SHORTEST, 0x81),
                first("Remaining Length 8C 00", null, Bytes.of("10 8C 00"), Rule.INTEGER_SHORTEST, 0x81));
    }

    private static List<Rejection> lengths() {
        return List.of(
                in5("PINGREQ with a body", Bytes.of("C0 01 00"), Rule.LENGTH, 0x81),
                in311("PINGREQ with a body", Bytes.of("C0 01 00"), Rule.LENGTH, 0x81),
                in311("DISCONNECT with a Reason Code in 3.1.1", Bytes.of("E0 01 00"), Rule.LENGTH, 0x81),
                in311("PUBACK of 3 bytes in 3.1.1", Bytes.of("40 03 00 01 00"), Rule.LENGTH, 0x81),
                in311("PUBACK of 1 byte", Bytes.of("40 01 00"), Rule.LENGTH, 0x81),
                in5("PUBREC of 0 bytes", Bytes.of("50 00"), Rule.LENGTH, 0x81),
                in311("PUBLISH of 0 bytes", Bytes.of("30 00"), Rule.LENGTH, 0x81),
                in311("Topic Name past the end", Bytes.of("30 03 00 02 'a'"), Rule.LENGTH, 0x81),
                in5("Topic Name length FFFF", Bytes.of("30 03 FF FF 'a'"), Rule.LENGTH, 0x81),
                in311("PUBLISH without its Packet Identifier", Bytes.of("32 03 00 01 'a'"), Rule.LENGTH, 0x81),
                in311("PUBLISH with half a Packet Identifier", Bytes.of("34 04 00 01 'a' 01"), Rule.LENGTH, 0x81),
                in5("PUBLISH without Property Length", Bytes.of("30 03 00 01 'a'"), Rule.LENGTH, 0x81),
                in5("Property Length past the end", Bytes.of("30 05 00 01 'a' 02 01"), Rule.LENGTH, 0x81),
                in5("property cut off by its Property Length", packet(0x30, "00 01 'a' 01 01 00"), Rule.LENGTH, 0x81),
                in5("integer past the Property Length", packet(0x30, "00 01 'a' 04 02 00 00 00 00"), Rule.LENGTH, 0x81),
                in5(
                        "string past the Property Length",
                        packet(0x30, "00 01 'a' 04 03 00 02 'a' 'b'"),
                        Rule.LENGTH,
                        0x81),
                in5(
                        "binary past the Property Length",
                        packet(0x30, "00 01 'a' 04 09 00 02 'a' 'b'"),
                        Rule.LENGTH,
                        0x81),
                in5("Property Length of 5 bytes", packet(0x30, "00 01 'a' 80 80 80 80 00"), Rule.INTEGER_LENGTH, 0x81),
                in5("Property Length 80 00", packet(0x30, "00 01 'a' 80 00"), Rule.INTEGER_SHORTEST, 0x81),
                in311("SUBSCRIBE with a filter without QoS", packet(0x82, "00 01 00 01 'a'"), Rule.LENGTH, 0x81),
                in311("SUBSCRIBE with a filter past the end", packet(0x82, "00 01 00 09 'a' 00"), Rule.LENGTH, 0x81),
                in5("UNSUBSCRIBE with half a length", packet(0xA2, "00 01 00 00"), Rule.LENGTH, 0x81),
                in5("PUBACK with bytes after its properties", packet(0x40, "00 01 00 00 00"), Rule.LENGTH, 0x81),
                in5("DISCONNECT with bytes after its properties", packet(0xE0, "00 00 00"), Rule.LENGTH, 0x81),
                in5("AUTH without Property Length", packet(0xF0, "18"), Rule.LENGTH, 0x81));
    }
}

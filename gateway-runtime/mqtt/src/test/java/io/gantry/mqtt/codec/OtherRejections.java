// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static io.gantry.mqtt.codec.Bytes.packet;
import static io.gantry.mqtt.codec.Rejection.in311;
import static io.gantry.mqtt.codec.Rejection.in5;

import java.util.ArrayList;
import java.util.List;

/** Acknowledgements, SUBSCRIBE, UNSUBSCRIBE, DISCONNECT and AUTH that are refused. */
final class OtherRejections {

    private OtherRejections() {}

    static List<Rejection> all() {
        List<Rejection> all = new ArrayList<>();
        all.addAll(acknowledgements());
        all.addAll(subscriptions());
        all.addAll(subscriptionProperties());
        all.addAll(connection());
        return all;
    }

    private static List<Rejection> acknowledgements() {
        return List.of(
                in311("PUBACK with Packet Identifier 0", packet(0x40, "0000"), Rule.ACKNOWLEDGED_ID, 0x81),
                in5("PUBREC with Packet Identifier 0", packet(0x50, "0000"), Rule.ACKNOWLEDGED_ID, 0x81),
                in5("PUBREL with Packet Identifier 0", packet(0x62, "0000"), Rule.ACKNOWLEDGED_ID, 0x81),
                in5("PUBCOMP with Packet Identifier 0", packet(0x70, "0000"), Rule.ACKNOWLEDGED_ID, 0x81),
                in5("PUBACK 0x92", packet(0x40, "0001 92"), Rule.PUBACK_REASON_CODE, 0x82),
                in5("PUBACK 0x01", packet(0x40, "0001 01 00"), Rule.PUBACK_REASON_CODE, 0x82),
                in5("PUBREC 0xFF", packet(0x50, "0001 FF"), Rule.PUBREC_REASON_CODE, 0x82),
                in5("PUBREL 0x80", packet(0x62, "0001 80"), Rule.PUBREL_REASON_CODE, 0x82),
                in5("PUBCOMP 0x10", packet(0x70, "0001 10"), Rule.PUBCOMP_REASON_CODE, 0x82),
                in5("PUBACK with a Topic Alias", packet(0x40, "0001 00 03 23 0001"), Rule.PROPERTY_ALLOWED, 0x81),
                in5(
                        "PUBREC with two Reason Strings",
                        packet(0x50, "0001 00 06 1F 0000 1F 0000"),
                        Rule.PROPERTY_ONCE,
                        0x82),
                in5(
                        "PUBREL with five User Properties",
                        packet(0x62, "0001 00 19" + "26 0000 0000".repeat(5)),
                        Rule.USER_PROPERTIES,
                        0x97));
    }

    private static List<Rejection> subscriptions() {
        return List.of(
                in311("SUBSCRIBE with Packet Identifier 0", packet(0x82, "0000 0001 'a' 00"), Rule.PACKET_ID, 0x81),
                in5("UNSUBSCRIBE with Packet Identifier 0", packet(0xA2, "0000 00 0001 'a'"), Rule.PACKET_ID, 0x81),
                in311("SUBSCRIBE without a filter", packet(0x82, "0001"), Rule.SUBSCRIBE_EMPTY, 0x82),
                in5("SUBSCRIBE without a filter", packet(0x82, "0001 00"), Rule.SUBSCRIBE_EMPTY, 0x82),
                in311("UNSUBSCRIBE without a filter", packet(0xA2, "0001"), Rule.UNSUBSCRIBE_EMPTY, 0x82),
                in5("UNSUBSCRIBE without a filter", packet(0xA2, "0001 00"), Rule.UNSUBSCRIBE_EMPTY, 0x82),
                in311("reserved bits", packet(0x82, "0001 0001 'a' 05"), Rule.SUBSCRIBE_RESERVED_BITS, 0x81),
                in5("reserved bits", packet(0x82, "0001 00 0001 'a' 40"), Rule.SUBSCRIBE_RESERVED_BITS, 0x81),
                in5(
                        "reserved bits of a second filter",
                        packet(0x82, "0001 00 0001 'a' 00 0001 'b' 80"),
                        Rule.SUBSCRIBE_RESERVED_BITS,
                        0x81),
                in311("SUBSCRIBE with QoS 3", packet(0x82, "0001 0001 'a' 03"), Rule.SUBSCRIBE_QOS, 0x82),
                in5("SUBSCRIBE with QoS 3", packet(0x82, "0001 00 0001 'a' 03"), Rule.SUBSCRIBE_QOS, 0x82),
                in5("Retain Handling 3", packet(0x82, "0001 00 0001 'a' 30"), Rule.RETAIN_HANDLING, 0x82),
                in5("No Local on $share", packet(0x82, "0001 00 000A '$share/g/t' 04"), Rule.NO_LOCAL_ON_SHARED, 0x82));
    }

    private static List<Rejection> subscriptionProperties() {
        return List.of(
                in5("Subscription Identifier 0", packet(0x82, "0001 02 0B 00 0001 'a' 00"), Rule.SUBSCRIPTION_ID, 0x82),
                in5(
                        "Subscription Identifier of 5 bytes",
                        packet(0x82, "0001 06 0B FFFFFFFF01 0001 'a' 00"),
                        Rule.INTEGER_LENGTH,
                        0x81),
                in5(
                        "Subscription Identifier 81 00",
                        packet(0x82, "0001 03 0B 81 00 0001 'a' 00"),
                        Rule.INTEGER_SHORTEST,
                        0x81),
                in5(
                        "two Subscription Identifiers",
                        packet(0x82, "0001 04 0B 01 0B 02 0001 'a' 00"),
                        Rule.PROPERTY_ONCE,
                        0x82),
                in5(
                        "SUBSCRIBE with a Reason String",
                        packet(0x82, "0001 03 1F 0000 0001 'a' 00"),
                        Rule.PROPERTY_ALLOWED,
                        0x81),
                in5(
                        "UNSUBSCRIBE with an identifier",
                        packet(0xA2, "0001 02 0B 01 0001 'a'"),
                        Rule.PROPERTY_ALLOWED,
                        0x81),
                in311("Topic Filter with U+0000", packet(0x82, "0001 0001 00 00"), Rule.NULL_CHARACTER, 0x81),
                in311("Topic Filter not UTF-8", packet(0xA2, "0001 0001 FF"), Rule.UTF_8, 0x81));
    }

    private static List<Rejection> connection() {
        return List.of(
                in5("DISCONNECT 0x01", packet(0xE0, "01"), Rule.DISCONNECT_REASON_CODE, 0x82),
                in5("DISCONNECT 0x8E, the server's", packet(0xE0, "8E 00"), Rule.DISCONNECT_REASON_CODE, 0x82),
                in5("Server Reference from a device", packet(0xE0, "00 04 1C 0001 'a'"), Rule.PROPERTY_ALLOWED, 0x81),
                in5(
                        "two Session Expiry Intervals",
                        packet(0xE0, "00 0A 1100000001 1100000001"),
                        Rule.PROPERTY_ONCE,
                        0x82),
                in5("AUTH without anything", packet(0xF0, ""), Rule.AUTH_REASON_CODE, 0x82),
                in5("AUTH with Success, the server's", packet(0xF0, "00 04 15 0001 'm'"), Rule.AUTH_REASON_CODE, 0x82),
                in5("AUTH 0x80", packet(0xF0, "80 00"), Rule.AUTH_REASON_CODE, 0x82),
                in5("AUTH without a method", packet(0xF0, "18 00"), Rule.AUTHENTICATION_METHOD, 0x82),
                in5("AUTH with two methods", packet(0xF0, "19 08 15 0001 'm' 15 0001 'm'"), Rule.PROPERTY_ONCE, 0x82));
    }
}

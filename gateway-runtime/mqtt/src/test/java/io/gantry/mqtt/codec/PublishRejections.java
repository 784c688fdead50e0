// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static io.gantry.mqtt.codec.Bytes.packet;
import static io.gantry.mqtt.codec.Bytes.string;
import static io.gantry.mqtt.codec.Rejection.in311;
import static io.gantry.mqtt.codec.Rejection.in5;

import java.util.ArrayList;
import java.util.List;

/** PUBLISH packets, and strings in them, that are refused. */
final class PublishRejections {

    private PublishRejections() {}

    static List<Rejection> all() {
        List<Rejection> all = new ArrayList<>();
        all.addAll(fields());
        all.addAll(properties());
        all.addAll(notUtf8());
        all.addAll(refusedCharacters());
        return all;
    }

    private static List<Rejection> fields() {
        return List.of(
                in311("PUBLISH to a +", packet(0x30, string("a/+")), Rule.PUBLISH_WILDCARD, 0x90),
                in5("PUBLISH to a #", packet(0x30, string("a/#") + "00"), Rule.PUBLISH_WILDCARD, 0x90),
                in5("PUBLISH to a+b", packet(0x30, string("a+b") + "00"), Rule.PUBLISH_WILDCARD, 0x90),
                in311("PUBLISH without a topic", packet(0x30, "0000 'x'"), Rule.PUBLISH_TOPIC_EMPTY, 0x82),
                in5("PUBLISH without topic or alias", packet(0x30, "0000 00 'x'"), Rule.PUBLISH_TOPIC_EMPTY, 0x82),
                in311("Packet Identifier 0", packet(0x32, string("a") + "0000"), Rule.PACKET_ID, 0x81),
                in5("Packet Identifier 0", packet(0x34, string("a") + "0000 00"), Rule.PACKET_ID, 0x81),
                in311("topic of 201 bytes", packet(0x30, string("x".repeat(201))), Rule.TOPIC_LENGTH, 0x90),
                in5(
                        "topic of 201 bytes in 67 characters",
                        packet(0x30, string("€".repeat(67)) + "00"),
                        Rule.TOPIC_LENGTH,
                        0x90),
                in5("topic of 9 levels", packet(0x30, string("/".repeat(8)) + "00"), Rule.TOPIC_LEVELS, 0x90),
                in311("topic of 200 levels", packet(0x30, string("/".repeat(199))), Rule.TOPIC_LEVELS, 0x90));
    }

    private static List<Rejection> properties() {
        return List.of(
                properties("Topic Alias 0", "23 0000", Rule.TOPIC_ALIAS, 0x94),
                properties("two Topic Aliases", "23 0001 23 0001", Rule.PROPERTY_ONCE, 0x82),
                properties("two Payload Formats", "01 00 01 00", Rule.PROPERTY_ONCE, 0x82),
                properties("two Content Types", "03 0000 03 0000", Rule.PROPERTY_ONCE, 0x82),
                properties("two Correlation Data", "09 0000 09 0000", Rule.PROPERTY_ONCE, 0x82),
                properties("Payload Format 2", "01 02", Rule.PAYLOAD_FORMAT, 0x82),
                properties("Subscription Identifier", "0B 01", Rule.PUBLISH_SUBSCRIPTION_ID, 0x82),
                properties("Response Topic with a wildcard", "08 0003 'a/+'", Rule.RESPONSE_TOPIC, 0x82),
                properties("empty Response Topic", "08 0000", Rule.RESPONSE_TOPIC_EMPTY, 0x82),
                properties("Session Expiry Interval", "11 00000001", Rule.PROPERTY_ALLOWED, 0x81),
                properties("Reason String", "1F 0001 'a'", Rule.PROPERTY_ALLOWED, 0x81),
                properties("unknown property 0x04", "04 00", Rule.PROPERTY_ALLOWED, 0x81),
                properties("unknown property 0x2B", "2B 00", Rule.PROPERTY_ALLOWED, 0x81),
                properties("unknown property 0xFF", "FF", Rule.PROPERTY_ALLOWED, 0x81),
                properties("property 0x01 in two bytes", "81 00 00", Rule.PROPERTY_ALLOWED, 0x81),
                properties("User Property without a value", "26 0001 'a'", Rule.LENGTH, 0x81));
    }

    private static List<Rejection> notUtf8() {
        List<Rejection> all = new ArrayList<>();
        for (String bad : List.of(
                "C3", // cut off
                "C3 28", // second byte continues nothing
                "80", // continues nothing
                "BF", // continues nothing
                "C0 AF", // overlong /
                "C1 81", // overlong A
                "E0 80 AF", // overlong /
                "F0 80 80 AF", // overlong /
                "E2 82", // cut off
                "F0 9F 98", // cut off
                "ED A0 80", // U+D800
                "ED BF BF", // U+DFFF
                "ED A0 BD ED B8 80", // a pair of surrogates
                "F4 90 80 80", // U+110000
                "F5 80 80 80", // no first byte
                "FE", // no first byte
                "FF")) { // no first byte
            all.add(topic(bad, Rule.UTF_8));
        }
        return all;
    }

    private static List<Rejection> refusedCharacters() {
        List<Rejection> all = new ArrayList<>();
        all.add(topic("00", Rule.NULL_CHARACTER));
        for (String bad : List.of(
                "01",
                "09",
                "0A",
                "0D",
                "1B",
                "1F",
                "7F",
                "C2 80",
                "C2 9F",
                "EF B7 90",
                "EF B7 AF",
                "EF BF BE",
                "EF BF BF",
                "F0 9F BF BE",
                "F4 8F BF BF")) {
            all.add(topic(bad, Rule.CONTROL_CHARACTER));
        }
        all.add(properties("Content Type with U+0000", "03 0002 'a' 00", Rule.NULL_CHARACTER, 0x81));
        all.add(properties("User Property name not UTF-8", "26 0001 FF 0000", Rule.UTF_8, 0x81));
        all.add(properties("User Property value with U+0000", "26 0000 0001 00", Rule.NULL_CHARACTER, 0x81));
        all.add(properties("Response Topic with U+0007", "08 0001 07", Rule.CONTROL_CHARACTER, 0x81));
        return all;
    }

    private static Rejection topic(String hex, Rule rule) {
        byte[] bad = Bytes.of(hex);
        String length = String.format("%04X", bad.length + 2);
        return in311("Topic Name with the bytes " + hex, packet(0x30, length + "'a'" + hex + "'b'"), rule, 0x81);
    }

    private static Rejection properties(String name, String properties, Rule rule, int reasonCode) {
        String length = String.format("%02X", Bytes.of(properties).length);
        return in5("PUBLISH: " + name, packet(0x30, "0001 'a'" + length + properties), rule, reasonCode);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import io.gantry.mqtt.packet.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads what a server sends, apart from the code under test. Every packet becomes one text: {@code CONNACK 00 present},
 * {@code PUBLISH dup retain q1 #7 a/b 'payload' {0101}}, {@code PUBACK 7 97 {1F000466756C6C}}, {@code SUBACK 1 00 02},
 * {@code DISCONNECT 8E}. Properties are in braces, as hex; without any it looks the same in both versions.
 */
final class Heard {
    private final byte[] bytes;
    private final boolean v5;
    private int at;
    private int end;

    private Heard(String hex, ProtocolVersion version) {
        this.bytes = HexFormat.of().parseHex(hex);
        this.v5 = version == ProtocolVersion.V5;
    }

    static List<String> packets(String hex, ProtocolVersion version) {
        Heard heard = new Heard(hex, version);
        List<String> packets = new ArrayList<>();
        while (heard.at < heard.bytes.length) {
            int first = heard.oneByte();
            heard.end = heard.bytes.length;
            int length = heard.variableByteInteger();
            heard.end = heard.at + length;
            packets.add(heard.packet(first));
            if (heard.at != heard.end) {
                throw new IllegalStateException("packet not used up: " + hex);
            }
        }
        return packets;
    }

    private String packet(int first) {
        return switch (first) {
            case 0x20 -> connAck();
            case 0x40 -> "PUBACK " + twoBytes() + reason();
            case 0x50 -> "PUBREC " + twoBytes() + reason();
            case 0x62 -> "PUBREL " + twoBytes() + reason();
            case 0x70 -> "PUBCOMP " + twoBytes() + reason();
            case 0x90 -> "SUBACK " + twoBytes() + properties() + codes();
            case 0xB0 -> "UNSUBACK " + twoBytes() + (v5 ? properties() : "") + codes();
            case 0xD0 -> "PINGRESP";
            case 0xE0 -> "DISCONNECT" + reason();
            case 0xF0 -> "AUTH" + reason();
            default -> {
                if (first >> 4 != 3) {
                    throw new IllegalStateException(String.format("first byte %02X", first));
                }
                yield publish(first);
            }
        };
    }

    private String connAck() {
        int present = oneByte();
        String code = hexByte();
        String properties = properties();
        return "CONNACK " + code + (present == 1 ? " present" : present == 0 ? "" : " flags " + present) + properties;
    }

    private String publish(int first) {
        int qos = first >> 1 & 0b11;
        String flags = ((first & 0b1000) == 0 ? "" : "dup ") + ((first & 1) == 0 ? "" : "retain ");
        String topic = text(twoBytes());
        String id = qos == 0 ? "" : " #" + twoBytes();
        String properties = properties();
        return "PUBLISH " + flags + "q" + qos + id + " " + topic + " '" + text(end - at) + "'" + properties;
    }

    private String reason() {
        String code = at < end ? " " + hexByte() : "";
        return code + (at < end ? properties() : "");
    }

    private String codes() {
        StringBuilder codes = new StringBuilder();
        while (at < end) {
            codes.append(' ').append(hexByte());
        }
        return codes.toString();
    }

    private String properties() {
        int length = v5 ? variableByteInteger() : 0;
        String hex = HexFormat.of().withUpperCase().formatHex(bytes, at, at + length);
        at += length;
        return length == 0 ? "" : " {" + hex + "}";
    }

    private String text(int length) {
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    private int variableByteInteger() {
        int value = 0;
        int shift = 0;
        int read;
        do {
            read = oneByte();
            value |= (read & 0x7F) << shift;
            shift += 7;
        } while (read > 0x7F);
        return value;
    }

    private int twoBytes() {
        return oneByte() << 8 | oneByte();
    }

    private String hexByte() {
        return String.format("%02X", oneByte());
    }

    private int oneByte() {
        return bytes[at++] & 0xFF;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** Bytes as text: hexadecimal with spaces where they help, and 'text' in quotes for its UTF-8. */
final class Hex {

    private Hex() {}

    static byte[] bytes(String written) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String[] parts = written.split("'", -1);
        for (int i = 0; i < parts.length; i++) {
            bytes.writeBytes(
                    i % 2 == 1
                            ? parts[i].getBytes(StandardCharsets.UTF_8)
                            : HexFormat.of().parseHex(parts[i].replace(" ", "")));
        }
        return bytes.toByteArray();
    }

    static String hex(ByteBuf bytes) {
        return ByteBufUtil.hexDump(bytes).toUpperCase(Locale.ROOT);
    }

    /** A packet with its Remaining Length. */
    static String packet(int firstByte, String body) {
        return String.format("%02X", firstByte) + variableByteInteger(bytes(body).length) + body;
    }

    /** Properties with their Property Length. */
    static String properties(String properties) {
        return variableByteInteger(bytes(properties).length) + properties;
    }

    /** A UTF-8 Encoded String. */
    static String string(String text) {
        return String.format("%04X", text.getBytes(StandardCharsets.UTF_8).length) + "'" + text + "'";
    }

    private static String variableByteInteger(int value) {
        StringBuilder bytes = new StringBuilder();
        int rest = value;
        do {
            bytes.append(String.format("%02X", rest > 0x7F ? (rest & 0x7F) | 0x80 : rest));
            rest >>>= 7;
        } while (rest > 0);
        return bytes.toString();
    }
}

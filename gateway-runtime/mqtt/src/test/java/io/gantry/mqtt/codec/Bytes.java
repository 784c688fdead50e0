// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Byte arrays with comments: hexadecimal bytes and 'text', one field a line, and what it is after a {@code //}. */
final class Bytes {

    private Bytes() {}

    static byte[] of(String commented) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String line : commented.split("\n", -1)) {
            int comment = line.indexOf(" //");
            String[] parts = (comment < 0 ? line : line.substring(0, comment)).split("'", -1);
            for (int i = 0; i < parts.length; i++) {
                bytes.writeBytes(
                        i % 2 == 1
                                ? parts[i].getBytes(StandardCharsets.UTF_8)
                                : HexFormat.of().parseHex(parts[i].replace(" ", "")));
            }
        }
        return bytes.toByteArray();
    }

    /** A packet whose Remaining Length follows from its body. */
    static byte[] packet(int firstByte, byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(firstByte);
        int rest = body.length;
        do {
            bytes.write(rest > 0x7F ? (rest & 0x7F) | 0x80 : rest);
            rest >>>= 7;
        } while (rest > 0);
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    static byte[] packet(int firstByte, String body) {
        return packet(firstByte, of(body));
    }

    /** A UTF-8 Encoded String in the notation of {@link #of}. */
    static String string(String text) {
        return String.format("%04X '%s' ", text.getBytes(StandardCharsets.UTF_8).length, text);
    }

    static byte[] join(byte[]... arrays) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] array : arrays) {
            bytes.writeBytes(array);
        }
        return bytes.toByteArray();
    }
}

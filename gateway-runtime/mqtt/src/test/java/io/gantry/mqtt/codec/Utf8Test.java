// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("UTF-8 Encoded Strings")
class Utf8Test {

    @Test
    @DisplayName(
            "[3.1.1/MQTT-1.5.3-1] [5.0/MQTT-1.5.4-1] are taken with every character but those refused, and sent alike")
    void everyCodePoint() {
        List<String> wrong = new ArrayList<>();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                String text = "a" + Character.toString(c);
                String taken = decode(text.getBytes(StandardCharsets.UTF_8));
                if (!Objects.equals(taken, isExpected(c) ? text : null) || Utf8.isCarriable(text) != isExpected(c)) {
                    wrong.add(String.format("U+%04X", c));
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    @DisplayName(
            "[3.1.1/MQTT-1.5.3-1] [5.0/MQTT-1.5.4-1] are told from other bytes exactly as the JDK's strict decoder does")
    void randomBytes() {
        Random random = new Random(20_261_121);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < 300_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(5)];
            for (int n = 0; n < bytes.length; n++) {
                bytes[n] = (byte) (random.nextInt(4) == 0 ? random.nextInt(0x100) : 0x80 + random.nextInt(0x80));
            }
            String strict = decodeByJdk(bytes);
            boolean expected = strict != null && strict.codePoints().allMatch(Utf8Test::isExpected);

            if (!Objects.equals(decode(bytes), expected ? strict : null)) {
                wrong.add(HexFormat.of().formatHex(bytes));
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    @DisplayName("[5.0 §1.5.4] are sent up to 65,535 bytes")
    void longest() {
        assertThat(Utf8.isCarriable("€".repeat(21_845))).isTrue();
        assertThat(Utf8.isCarriable("€".repeat(21_845) + "a")).isFalse();
        assertThat(Utf8.isCarriable("")).isTrue();
    }

    /** [5.0 §1.5.4]: no control character, no non-character. */
    private static boolean isExpected(int c) {
        return !Character.isISOControl(c) && (c & 0xFFFF) < 0xFFFE && (c < 0xFDD0 || c > 0xFDEF);
    }

    private static @Nullable String decode(byte[] bytes) {
        try {
            return Utf8.decode(bytes, "text");
        } catch (RejectedPacketException refused) {
            return null;
        }
    }

    private static @Nullable String decodeByJdk(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }
}

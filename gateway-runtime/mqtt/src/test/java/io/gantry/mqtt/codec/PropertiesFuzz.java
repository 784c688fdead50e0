// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Input: a byte for the packet whose properties they are, then Property Length and properties. */
@DisplayName("Any properties")
class PropertiesFuzz {
    private static final int GUARD = 300;

    private static final List<Long> ALLOWED = List.of(
            -1L,
            PropertyReader.OF_A_MESSAGE | Property.setOf(Property.TOPIC_ALIAS, Property.SUBSCRIPTION_IDENTIFIER),
            Property.setOf(Property.REASON_STRING, Property.USER_PROPERTY),
            Property.setOf(Property.SUBSCRIPTION_IDENTIFIER, Property.USER_PROPERTY));

    static Stream<Arguments> seeds() {
        return Stream.of(
                seed("none", "00 00"),
                seed(
                        "of a CONNECT",
                        "00 29 11 FFFFFFFF 21 0014 27 00010000 22 000A 19 01 17 00"
                                + " 15 0005 'SCRAM' 16 0002 ABCD 26 0001 'k' 0002 C3A9"),
                seed(
                        "of a PUBLISH",
                        "01 1F 01 01 02 0000003C 03 0004 'text' 08 0003 'r/t' 09 0001 99 26 0001 'a' 0001 'b'"),
                seed("of a SUBSCRIBE", "03 05 0B FFFFFF7F"),
                seed("of a server", "00 0E 12 0001 'c' 13 000A 24 01 25 00 28 01"),
                seed("[A14] one twice", "01 04 01 00 01 01"),
                seed("[A14] one that is not allowed", "02 02 01 01"),
                seed("[A14] an unknown one", "00 01 7F"),
                seed("[A14] a value behind the length", "01 01 01 01"),
                seed("[A14] a length past the end", "01 7F 01 01"),
                seed("[A14] a string past the length", "01 05 03 FFFF 'a'"),
                seed("[A3] a length not in its shortest form", "01 80 00"),
                seed("[A15] more than are taken", "01 1C" + " 26 0001 'a' 0001 'b'".repeat(4)),
                seed("[A12] no UTF-8", "02 05 1F 0002 C080"));
    }

    private static Arguments seed(String name, String bytes) {
        return arguments(named(name, Bytes.of(bytes)));
    }

    @DisplayName("are read or refused by what is within their length, and only those that are allowed")
    @MethodSource("seeds")
    @FuzzTest
    void reading(byte[] input) {
        long allowed = ALLOWED.get(input.length == 0 ? 0 : (input[0] & 0xFF) % ALLOWED.size());
        byte[] bytes = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);

        String outcome = outcome(bytes, allowed, (byte) 0);

        assertThat(outcome(bytes, allowed, (byte) 0xFF)).isEqualTo(outcome);
        assertThat(outcome(bytes, allowed, (byte) 0x26)).isEqualTo(outcome);
        int end = end(bytes);
        if (end <= bytes.length) {
            assertThat(outcome(Arrays.copyOf(bytes, end), allowed, (byte) 0)).isEqualTo(outcome);
        }
    }

    /** Where the properties end by their Property Length; more than there are bytes when it is no number. */
    private static int end(byte[] bytes) {
        int value = 0;
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            value |= (bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0) {
                return i + 1 + value;
            }
        }
        return Integer.MAX_VALUE;
    }

    /** What is read of the bytes when other bytes stand around them. */
    private static String outcome(byte[] bytes, long allowed, byte around) {
        byte[] guard = new byte[GUARD];
        Arrays.fill(guard, around);
        ByteBuf buffer = Unpooled.wrappedBuffer(Bytes.join(guard, bytes, guard));
        PacketBytes in = new PacketBytes();
        in.wrap(buffer, GUARD, bytes.length);
        try {
            PropertyValues values = new PropertyReader(MeasuredDecoder.LIMITS).readAll(in, allowed, "packet");
            return shown(values, allowed) + " in " + (bytes.length - in.remaining()) + " bytes";
        } catch (RejectedPacketException rejected) {
            return rejected.rule() + ": " + rejected.detail(null);
        }
    }

    private static String shown(PropertyValues values, long allowed) {
        StringBuilder shown = new StringBuilder();
        for (Property property : Property.values()) {
            if (values.has(property)) {
                assertThat(allowed & property.bit())
                        .as("%s is allowed", property)
                        .isNotZero();
                shown.append(property).append(value(values, property)).append(' ');
            }
        }
        assertThat(values.userProperties()).hasSizeLessThanOrEqualTo(MeasuredDecoder.LIMITS.maxUserProperties());
        RejectedPacketException excess = values.excess();
        return shown.append(values.userProperties())
                .append(excess == null ? "" : excess.rule())
                .toString();
    }

    private static Object value(PropertyValues values, Property property) {
        return switch (property.form()) {
            case STRING, STRING_PAIR -> String.valueOf(values.text(property));
            case BINARY -> String.valueOf(values.binary(property));
            default -> values.number(property, -1);
        };
    }
}

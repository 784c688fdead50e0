// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.packet.MalformedPacket;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("What is no packet, or a forbidden one,")
class RejectionTest {

    static Stream<Rejection> rejections() {
        return Stream.of(
                        ConnectRejections.all(),
                        FramingRejections.all(),
                        PublishRejections.all(),
                        OtherRejections.all())
                .flatMap(List::stream);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rejections")
    @DisplayName("is refused with its reason code and its statement [A1] [A2] [A3] [A7] [A8] [A9] [A12] [A13] [A14]")
    void refused(Rejection rejection) {
        try (Device device = rejection.device()) {
            List<Object> received = device.send(rejection.bytes());

            assertRejected(received, rejection);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rejections")
    @DisplayName("is refused byte by byte as well, and nothing is read after it")
    void refusedByteByByte(Rejection rejection) {
        try (Device device = rejection.device()) {
            List<Object> received = new ArrayList<>(device.sendByteByByte(rejection.bytes()));
            received.addAll(device.send(Bytes.of("C0 00")));

            assertRejected(received, rejection);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rejections")
    @DisplayName("is refused glued to the next packet, of which no byte is taken for its own")
    void refusedBeforeTheNext(Rejection rejection) {
        try (Device device = rejection.device()) {
            List<Object> received = device.send(Bytes.join(rejection.bytes(), Bytes.of("C0 00"), new byte[300]));

            assertRejected(received, rejection);
        }
    }

    @Test
    @DisplayName("has a row here for every rule")
    void everyRule() {
        Set<Rule> untested = EnumSet.allOf(Rule.class);

        untested.removeAll(rejections().map(Rejection::rule).collect(Collectors.toSet()));

        assertThat(untested).isEmpty();
    }

    private static void assertRejected(List<Object> received, Rejection rejection) {
        assertThat(received).hasSize(1);
        assertThat(received.get(0)).isInstanceOfSatisfying(MalformedPacket.class, malformed -> {
            assertThat(malformed.reasonCode()).isEqualTo(rejection.reasonCode());
            assertThat(malformed.version()).isEqualTo(rejection.answered());
            assertThat(malformed.detail()).endsWith(rejection.rule().statement(rejection.answered()));
        });
    }
}

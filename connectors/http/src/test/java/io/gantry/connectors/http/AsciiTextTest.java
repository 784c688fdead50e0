// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A text in a header")
class AsciiTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a b", " a ", "100%", "%41", "ä€😀", "a\r\nX: y\u0000", "%", "%e", "ä%C3%A4"})
    @DisplayName("is visible ASCII without a blank, and comes back as it was")
    void roundTrip(String text) {
        String encoded = AsciiText.encode(text);

        assertThat(encoded.chars()).allMatch(c -> c > ' ' && c < 0x7F);
        assertThat(AsciiText.decode(encoded)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"a/b;c=d, a/b;c=d", "a b, a%20b", "ä, %C3%A4", "50%, 50%25"})
    @DisplayName("looks like one in a URL")
    void encoded(String text, String expected) {
        assertThat(AsciiText.encode(text)).isEqualTo(expected);
    }

    @Test
    @DisplayName("that somebody else wrote is read as it is where it is not encoded")
    void foreign() {
        assertThat(AsciiText.decode("50%, %zz, %4")).isEqualTo("50%, %zz, %4");
        assertThat(AsciiText.decode("%c3%a4")).isEqualTo("ä");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Text for a terminal")
class VisibleTest {

    @Test
    @DisplayName("is as it was where it is harmless, in any script")
    void harmless() {
        assertThat(Visible.of("sensors/Halle ü/温度 😀")).isEqualTo("sensors/Halle ü/温度 😀");
    }

    @Test
    @DisplayName("has controls, escape sequences, line ends and what reorders the line as numbers")
    void harmful() {
        assertThat(Visible.of("a\u001b[31m\r\n\t\u0000\u007f\u009b"))
                .isEqualTo("a\\u001b[31m\\u000d\\u000a\\u0009\\u0000\\u007f\\u009b");
        assertThat(Visible.of("\u202e\u2066\u200b\u2028\ufeff")).isEqualTo("\\u202e\\u2066\\u200b\\u2028\\ufeff");
        assertThat(Visible.of("\ud800 \udb40\udc41")).isEqualTo("\\ud800 \\u{e0041}");
    }

    @Test
    @DisplayName("is cut where that was asked for, between characters")
    void cut() {
        assertThat(Visible.of("😀😀😀", 2)).isEqualTo("😀😀…");
        assertThat(Visible.of("😀😀", 2)).isEqualTo("😀😀");
    }
}

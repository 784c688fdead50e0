// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A cursor")
class CursorTest {

    @Test
    @DisplayName("is the same after it was written and read, whatever its journal is called")
    void written() {
        Cursor cursor = new Cursor("a journal of 2026 \u00fc", 1L << 40);

        assertThat(cursor.toBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("1 1099511627776 a journal of 2026 \u00fc");
        assertThat(Cursor.fromBytes(cursor.toBytes())).isEqualTo(cursor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1 7", "2 7 journal", "1 x journal", "{}"})
    @DisplayName("of another form is not guessed at")
    void otherForm(String text) {
        assertThatThrownBy(() -> Cursor.fromBytes(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

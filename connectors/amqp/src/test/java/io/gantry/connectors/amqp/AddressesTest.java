// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An address made of what a device sent")
class AddressesTest {

    @Test
    @DisplayName("[C6] is another one for each value, and contains nothing that a broker obeys")
    void injective() {
        List<String> values = List.of(
                "a", "A", "a.b", "a_2eb", "a/b", "a*", "a#", "a::b", "", " ", "_", "_5f", "$a", "ä", "😀", "\0", "a-b");
        Set<String> escaped = new HashSet<>();
        for (String value : values) {
            escaped.add(Addresses.escape(value));
        }

        assertThat(escaped).hasSize(values.size()).allMatch(text -> text.matches("[A-Za-z0-9_-]*"));
        assertThat(Addresses.escape("plant-7")).isEqualTo("plant-7");
    }

    @Test
    @DisplayName("is refused when a value is missing or it becomes too long")
    void refused() {
        AddressChoice choice = new AddressChoice(Template.fromText("{x}"));

        assertThatThrownBy(() -> choice.of(name -> null)).isInstanceOf(RejectedMessageException.class);
        assertThatThrownBy(() -> choice.of(name -> "")).isInstanceOf(RejectedMessageException.class);
        assertThatThrownBy(() -> choice.of(name -> "x".repeat(256))).isInstanceOf(RejectedMessageException.class);
    }

    @Test
    @DisplayName("[C7] is one of at most 1000")
    void bounded() throws RejectedMessageException {
        AddressChoice choice = new AddressChoice(Template.fromText("q-{x}"));
        for (int i = 0; i < AddressChoice.MOST_NAMES; i++) {
            String value = "v" + i;
            choice.of(name -> value);
        }

        assertThat(choice.of(name -> "v0")).isEqualTo("q-v0");
        assertThatThrownBy(() -> choice.of(name -> "one more")).isInstanceOf(RejectedMessageException.class);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The Kafka topic of a message")
class TopicChoiceTest {

    @Test
    @DisplayName("is the fixed one, or filled in with escaped values")
    void fillsIn() throws RejectedMessageException {
        assertThat(new TopicChoice(Template.fromText("fixed")).of(name -> "x")).isEqualTo("fixed");
        assertThat(new TopicChoice(Template.fromText("t-{a}_{b}")).of(name -> name + "/"))
                .isEqualTo("t-a_2f_b_2f");
    }

    @Test
    @DisplayName("[C6] is never one of Kafka's own, whatever a device sends")
    void neverInternal() throws RejectedMessageException {
        TopicChoice choice = new TopicChoice(Template.fromText("{a}"));

        assertThat(choice.of(name -> "__consumer_offsets")).isEqualTo("_5f_5fconsumer_5foffsets");
        assertThat(choice.of(name -> "a.b/c")).isNotEqualTo(choice.of(name -> "a/b.c"));
        assertThat(choice.of(name -> "A")).isNotEqualTo(choice.of(name -> "a"));
        assertThat(choice.of(name -> "\uD83D\uDE00 ")).isEqualTo("_f0_9f_98_80_20");
    }

    @Test
    @DisplayName("is rejected when a value is missing, or the name is one that Kafka does not have")
    void rejects() {
        TopicChoice choice = new TopicChoice(Template.fromText("{a}"));

        assertThatThrownBy(() -> choice.of(name -> null)).isInstanceOf(RejectedMessageException.class);
        assertThatThrownBy(() -> choice.of(name -> "..")).isInstanceOf(RejectedMessageException.class);
        assertThatThrownBy(() -> choice.of(name -> "")).isInstanceOf(RejectedMessageException.class);
        assertThatThrownBy(() -> choice.of(name -> "/".repeat(84))).isInstanceOf(RejectedMessageException.class);
    }

    @Test
    @DisplayName("[C7] is one of at most a thousand; those that are known go on to work")
    void limitsTheirNumber() throws RejectedMessageException {
        TopicChoice choice = new TopicChoice(Template.fromText("{a}"));
        for (int i = 0; i < TopicChoice.MOST_NAMES; i++) {
            String value = "t" + i;
            choice.of(name -> value);
        }

        assertThatThrownBy(() -> choice.of(name -> "one-more")).isInstanceOf(RejectedMessageException.class);
        assertThat(choice.of(name -> "t7")).isEqualTo("t7");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Payload;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The content-type of AMQP")
class ContentTypesTest {
    private static final Payload SOME = Payload.ofText("{}");

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a/", "a/ä", "a/b\r\nc", "application/x-java-serialized-object;x=y"})
    @DisplayName("stays empty when the Content Type is none, or makes readers deserialise")
    void empty(String contentType) {
        assertThat(ContentTypes.body(SOME, contentType, null).contentType()).isNull();
    }

    @Test
    @DisplayName("takes only so many that devices make up, since the client library keeps each for ever")
    void bounded() {
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < 3_000; i++) {
            String contentType =
                    ContentTypes.body(SOME, "test/made-up-" + i, null).contentType();
            if (contentType != null) {
                taken.add(contentType);
            }
        }

        assertThat(taken).hasSizeBetween(900, 1_000);
        assertThat(ContentTypes.body(SOME, "test/made-up-0", null).contentType())
                .isEqualTo("test/made-up-0");
    }
}

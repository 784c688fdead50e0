// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The books on the metrics page")
class MetricsPageTest {

    @Test
    @DisplayName("are read for each outbox, all reasons of drops together, and nothing else")
    void books() {
        var books = MetricsPage.books("""
                # TYPE gantry_messages_accepted counter
                gantry_messages_accepted_total{route="a",target="plant"} 10.0
                gantry_messages_delivered_total{target="plant",route="a"} 4.0
                gantry_messages_dead_lettered_total{route="a",target="plant"} 1.0
                gantry_messages_expired_total{route="a",target="plant"} 1
                gantry_messages_dropped_total{reason="full",route="a",target="plant"} 1.0
                gantry_messages_dropped_total{reason="stopped",route="a",target="plant"} 1.0
                gantry_messages_waiting{route="a",target="plant"} 2.0
                gantry_messages_retried_total{route="a",target="plant"} 99.0
                gantry_messages_waiting{route="b",target="api"} 1.0E7
                """);

        assertThat(books).hasSize(2);
        assertThat(books.get("a/plant")).isEqualTo(new Books(10, 4, 1, 1, 2, 2));
        assertThat(books.get("a/plant").gap()).isZero();
        assertThat(books.get("b/api").gap()).isEqualTo(10_000_000);
    }
}

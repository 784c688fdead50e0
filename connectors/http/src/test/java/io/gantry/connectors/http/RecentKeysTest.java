// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Payload;
import io.gantry.api.UserProperty;
import io.gantry.api.security.Guest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Requests with an Idempotency-Key")
class RecentKeysTest {
    private final AtomicLong now = new AtomicLong();
    private final RecentKeys keys = new RecentKeys(now::get);

    private static ReceivedRequest request(String key, String body) {
        return new ReceivedRequest(
                "POST",
                List.of("in"),
                List.of(),
                new RequestHeaders(List.of(new UserProperty("idempotency-key", key))),
                Payload.ofText(body),
                Guest.ANYBODY,
                answer -> {});
    }

    private Optional<Integer> begin(String route, String key, String body) {
        return keys.begin(route, request(key, body)).map(HttpAnswer::status);
    }

    @Test
    @DisplayName("are taken once for each route, told to wait while one is under way, and taken again when refused")
    void once() {
        assertThat(begin("r", "k", "x")).isEmpty();
        assertThat(begin("r", "k", "x")).contains(409);
        assertThat(begin("s", "k", "x")).isEmpty();
        keys.end("r", request("k", "x"), false);
        assertThat(begin("r", "k", "x")).isEmpty();
        keys.end("r", request("k", "x"), true);
        assertThat(begin("r", "k", "x")).contains(202);
        assertThat(begin("r", "k", "y")).contains(422);
    }

    @Test
    @DisplayName("are forgotten after an hour, and the oldest when there are too many")
    void forgotten() {
        for (int i = 0; i <= RecentKeys.MOST; i++) {
            assertThat(begin("r", "k" + i, "x")).isEmpty();
        }
        assertThat(begin("r", "k" + RecentKeys.MOST, "x")).contains(409);
        assertThat(begin("r", "k0", "x")).isEmpty();

        now.addAndGet(TimeUnit.MINUTES.toNanos(61));
        assertThat(begin("r", "k" + RecentKeys.MOST, "x")).isEmpty();
    }
}

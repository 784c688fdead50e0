// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Attempts with wrong tokens")
class AttemptsTest {
    private long now = Long.MAX_VALUE - 1_000;
    private final Attempts attempts = new Attempts(() -> now);

    @Test
    @DisplayName("[B19] are answered later and later, by two seconds at most")
    void delays() throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            millis.add(attempts.failed(address("10.0.0.1")).toMillis());
        }

        assertThat(millis).containsExactly(50L, 100L, 200L, 400L, 800L, 1_600L, 2_000L, 2_000L, 2_000L);
        assertThat(attempts.failed(address("10.0.0.2"))).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    @DisplayName("[B19] lock the address out after ten within five minutes, for five minutes, and no other one")
    void lock() throws Exception {
        fail("10.0.0.1", 9);
        assertThat(attempts.lockedFor(address("10.0.0.1"))).isZero();
        pass(Duration.ofMinutes(4));

        fail("10.0.0.1", 1);

        assertThat(attempts.lockedFor(address("10.0.0.1"))).isEqualTo(Duration.ofMinutes(5));
        assertThat(attempts.lockedFor(address("10.0.0.2"))).isZero();
        pass(Duration.ofMinutes(5));
        assertThat(attempts.lockedFor(address("10.0.0.1"))).isZero();
        assertThat(attempts.failed(address("10.0.0.1"))).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    @DisplayName("are forgotten five minutes after the first")
    void forgotten() throws Exception {
        fail("10.0.0.1", 9);
        pass(Duration.ofMinutes(5));

        fail("10.0.0.1", 9);

        assertThat(attempts.lockedFor(address("10.0.0.1"))).isZero();
    }

    @Test
    @DisplayName("count together for all addresses that one network of IPv6 has")
    void network() throws Exception {
        for (int i = 0; i < 10; i++) {
            fail("2001:db8:1:2::" + i, 1);
        }

        assertThat(attempts.lockedFor(address("2001:db8:1:2:ffff::1"))).isPositive();
        assertThat(attempts.lockedFor(address("2001:db8:1:3::1"))).isZero();
    }

    @Test
    @DisplayName("are remembered of the latest 10,000 addresses")
    void bounded() throws Exception {
        fail("192.0.2.1", 10);
        for (int i = 0; i < 10_000; i++) {
            fail("10.1." + i / 250 + "." + i % 250, 1);
        }

        assertThat(attempts.lockedFor(address("192.0.2.1"))).isZero();
    }

    private void fail(String from, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            attempts.failed(address(from));
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static InetAddress address(String digits) throws Exception {
        return InetAddress.getByName(digits);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Looking up the host of an endpoint")
class HostLookupTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    @DisplayName("is given up while the name server is silent, and asks it one question at a time [D17]")
    void silentNameServer() throws Exception {
        CountDownLatch silence = new CountDownLatch(1);
        AtomicInteger questions = new AtomicInteger();
        HostLookup.Names silent = host -> {
            questions.incrementAndGet();
            try {
                silence.await();
            } catch (InterruptedException closing) {
                throw new UnknownHostException(host);
            }
            return new InetAddress[] {LOOPBACK};
        };
        try (HostLookup lookup = new HostLookup("api", silent, Duration.ofMillis(50))) {
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> lookup.resolve("api.example"))
                        .isInstanceOf(UnknownHostException.class)
                        .hasMessage("api.example");
            }
            assertThat(questions).hasValue(1);

            silence.countDown();
            Harness.soon().ignoreExceptions().until(() -> lookup.resolve("api.example")[0].equals(LOOPBACK));
        }
    }

    @Test
    @DisplayName("asks anew each time, so that a moved host is found")
    void asksAnew() throws Exception {
        AtomicInteger questions = new AtomicInteger();
        HostLookup.Names names = host -> {
            if (questions.incrementAndGet() == 1) {
                throw new UnknownHostException(host);
            }
            return new InetAddress[] {LOOPBACK};
        };
        try (HostLookup lookup = new HostLookup("api", names, Duration.ofMinutes(1))) {
            assertThatThrownBy(() -> lookup.resolve("api.example")).isInstanceOf(UnknownHostException.class);
            assertThat(lookup.resolve("api.example")).containsExactly(LOOPBACK);
        }
    }
}

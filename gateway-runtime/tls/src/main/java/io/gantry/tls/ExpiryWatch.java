// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import io.gantry.api.files.FollowedFiles;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns in the log that a certificate ends: 30 days, 7 days and a day before, and when it has ended; once each. Of one that
 * lives for less than twice such a time that is no news: whoever makes those renews them later.
 */
final class ExpiryWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiryWatch.class);

    /** From the shortest, so that the first that fits says most. */
    private static final List<Duration> STEPS =
            List.of(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(30));

    private final FollowedFiles<ShownCertificate> file;
    private final Clock clock;
    private String warnedOf = "";
    private Duration lastStep = Duration.ofDays(Integer.MAX_VALUE);

    ExpiryWatch(FollowedFiles<ShownCertificate> file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** When the certificate ends, or before it one of its chain. Any thread. */
    Instant expiry() {
        return file.current().expiry();
    }

    /** Warns when there is something new to say. One thread at a time. */
    void look() {
        ShownCertificate shown = file.current();
        Optional<Duration> reached = step(shown, clock.instant());
        boolean isNews = reached.isPresent()
                && (!shown.alias().equals(warnedOf) || reached.get().compareTo(lastStep) < 0);
        if (!isNews) {
            return;
        }
        warnedOf = shown.alias();
        lastStep = reached.get();
        LOG.atWarn()
                .addKeyValue("file", file.name())
                .addKeyValue("ends", shown.expiry())
                .log(
                        lastStep.isZero()
                                ? "a certificate has ended: clients that check it do not connect"
                                : "a certificate ends soon, and is to be renewed");
    }

    private static Optional<Duration> step(ShownCertificate shown, Instant now) {
        Duration left = Duration.between(now, shown.expiry());
        return STEPS.stream()
                .filter(step -> left.compareTo(step) <= 0)
                .filter(step -> step.multipliedBy(2).compareTo(shown.lifetime()) <= 0)
                .findFirst();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.gantry.api.files.FileCounts;
import io.gantry.api.files.FollowedFiles;
import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import io.gantry.testbed.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@DisplayName("The end of a certificate")
class ExpiryWatchTest {
    private static final String SOON = "a certificate ends soon, and is to be renewed";
    private static final String ENDED = "a certificate has ended: clients that check it do not connect";

    private final Logger logger = (Logger) LoggerFactory.getLogger(ExpiryWatch.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @TempDir
    private Path directory = Path.of("");

    private TestCertificates authority;

    @BeforeEach
    void listen() {
        authority = TestCertificates.in(directory);
        lines.start();
        logger.setLevel(Level.WARN); // the tests' own is above
        logger.addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    private static FollowedFiles<ShownCertificate> follow(Identity identity) {
        CertificateFile file =
                CertificateFile.of(identity.cert().toString(), identity.key().toString(), null);
        return FollowedFiles.open(file.files(), file::read);
    }

    /** The days before the end at which something was said, when it was looked at so many days before it. */
    private List<Integer> warnedAt(Duration validFor, List<Integer> daysBefore) {
        FollowedFiles<ShownCertificate> file = follow(authority.serverFor(validFor, "a.example"));
        Instant end = file.current().expiry();
        TestClock clock = new TestClock();
        ExpiryWatch watch = new ExpiryWatch(file, clock);
        return daysBefore.stream()
                .filter(days -> {
                    int before = lines.list.size();
                    clock.set(end.minus(Duration.ofDays(days)).plusSeconds(1));
                    watch.look();
                    watch.look();
                    return lines.list.size() == before + 1;
                })
                .toList();
    }

    @Test
    @DisplayName("is warned of 30, 7 and 1 days before, and when it is there; once each, with file and time")
    void steps() {
        assertThat(warnedAt(Duration.ofDays(80), List.of(60, 31, 30, 29, 8, 7, 3, 2, 1, 0, -1, -9)))
                .containsExactly(30, 7, 1, 0);
        assertThat(lines.list).extracting(ILoggingEvent::getMessage).containsExactly(SOON, SOON, SOON, ENDED);
        assertThat(lines.list.get(0).getKeyValuePairs().toString()).contains(".pem", "ends=");
    }

    @Test
    @DisplayName("is warned of once when several of these are over, and not by times that are half of its life or more")
    void shortLife() {
        assertThat(warnedAt(Duration.ofDays(80), List.of(3, 2))).containsExactly(3);
        // it began ten days before now, so it lives for 13
        assertThat(warnedAt(Duration.ofDays(3), List.of(9, 6, 1))).containsExactly(1);
    }

    @Test
    @DisplayName("of one that is renewed is another, and the first of all that are shown is told")
    void renewed() throws Exception {
        Identity first = authority.serverFor(Duration.ofDays(40), "a.example");
        Identity second = authority.serverFor(Duration.ofDays(3), "b.example");
        Identity next = authority.serverFor(Duration.ofDays(6), "b.example");
        Watched watched = new Watched();
        try (ReloadingTls tls =
                ReloadingTls.open(Watched.settings(first.cert(), first.key(), second), watched, Watched.OFTEN)) {
            assertThat(tls.expiry())
                    .isEqualTo(
                            TestCertificates.certificateOf(second).getNotAfter().toInstant());

            Files.copy(next.key(), second.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(next.cert(), second.cert(), StandardCopyOption.REPLACE_EXISTING);
            await().atMost(Duration.ofMinutes(2)).until(() -> !watched.renewed.isEmpty());

            assertThat(tls.expiry())
                    .isEqualTo(
                            TestCertificates.certificateOf(next).getNotAfter().toInstant());
        }
    }

    @Test
    @DisplayName("is warned of by a listener as soon as it has its files")
    void atOnce() {
        Identity own = authority.expiredServer("a.example");
        try (ReloadingTls tls = ReloadingTls.open(Watched.settings(own.cert(), own.key()), new FileCounts())) {
            assertThat(tls.expiry()).isBefore(Instant.now());
            await().atMost(Duration.ofMinutes(2)).until(() -> !lines.list.isEmpty());
        }
        assertThat(lines.list).extracting(ILoggingEvent::getMessage).containsExactly(ENDED);
    }
}

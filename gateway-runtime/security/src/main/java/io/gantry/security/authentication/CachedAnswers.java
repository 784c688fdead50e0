// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import io.gantry.api.security.Authenticator.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What servers have said about devices, for a short time. Keeps neither passwords nor tokens, only what cannot be turned back
 * into them; at most 10,000 answers, of which the one that was not used for longest goes first. Any thread.
 */
final class CachedAnswers {
    private static final int MOST = 10_000;

    private final Duration keep;
    private final Clock clock;
    private final byte[] secret = new byte[32];
    private final Map<String, Kept> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
            return size() > MOST;
        }
    };

    private record Kept(Verdict verdict, long untilMillis) {}

    CachedAnswers(Duration keep, Clock clock) {
        this.keep = keep;
        this.clock = clock;
        new SecureRandom().nextBytes(secret);
    }

    /** What is known for a question, or else the answer. Failures are not kept. */
    CompletableFuture<Verdict> get(String question, Supplier<CompletableFuture<Verdict>> ask) {
        String key = HexFormat.of().formatHex(ScramKeys.hmac(secret, question.getBytes(StandardCharsets.UTF_8)));
        synchronized (answers) {
            Kept kept = answers.get(key);
            if (kept != null && clock.millis() < kept.untilMillis) {
                return CompletableFuture.completedFuture(kept.verdict);
            }
        }
        return ask.get().thenApply(verdict -> kept(key, verdict));
    }

    private Verdict kept(String key, Verdict verdict) {
        long end = clock.millis() + keep.toMillis();
        long until = verdict instanceof Verdict.Accepted accepted
                ? Math.min(end, accepted.identity().validUntilMillis())
                : end;
        synchronized (answers) {
            answers.put(key, new Kept(verdict, until));
        }
        return verdict;
    }
}

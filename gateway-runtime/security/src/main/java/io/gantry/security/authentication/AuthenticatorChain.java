// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one authenticator after the other until one knows who it is. Fails closed: one that throws, fails or does not answer
 * in time is a refusal, not a reason to ask the next.
 */
public final class AuthenticatorChain implements Authenticator {
    /** The longest password or token that anybody is asked about, in bytes. */
    static final int PASSWORD_BYTES = 4_096;

    private static final Logger LOG = LoggerFactory.getLogger(AuthenticatorChain.class);
    private static final Verdict TOO_LONG =
            new Verdict.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD, "the password has more than 4096 bytes");
    private static final Verdict BAD_NAME = new Verdict.Refused(
            ReasonCode.BAD_USER_NAME_OR_PASSWORD, "the user name is too long or has characters that cannot be seen");
    private static final Verdict NOBODY_KNOWS = new Verdict.Refused(
            ReasonCode.BAD_USER_NAME_OR_PASSWORD, "no authenticator knows the user and his password");
    private static final Verdict SHOWS_NOTHING =
            new Verdict.Refused(ReasonCode.NOT_AUTHORIZED, "nothing that an authenticator knows was shown");
    private static final Verdict BROKEN =
            new Verdict.Refused(ReasonCode.SERVER_UNAVAILABLE, "an authenticator has failed");

    /** However many devices meet it, a failure is told this often. */
    private static final Duration WARN_INTERVAL = Duration.ofSeconds(10);

    private final AtomicLong warnedAt = new AtomicLong(System.nanoTime() - WARN_INTERVAL.toNanos());
    private final List<Link> links;
    private final @Nullable Identity anonymous;
    private final Duration patience;

    /**
     * One of the chain.
     *
     * @param name its key in the file
     */
    public record Link(String name, Authenticator authenticator) {}

    /**
     * Makes the chain.
     *
     * @param anonymous who shows nothing; null when he is refused
     * @param patience how long one authenticator may take
     */
    public AuthenticatorChain(List<Link> links, @Nullable Identity anonymous, Duration patience) {
        this.links = List.copyOf(links);
        this.anonymous = anonymous;
        this.patience = patience;
    }

    /** Somebody without a name, in some roles. */
    public static Identity anonymous(List<String> roles) {
        return new Identity(null, Set.copyOf(roles), Map.of(), Identity.WITHOUT_END);
    }

    @Override
    public CompletionStage<Verdict> authenticate(Credentials credentials) {
        if (credentials.password() != null && credentials.password().size() > PASSWORD_BYTES) {
            return CompletableFuture.completedFuture(TOO_LONG);
        }
        String name = credentials.username();
        if (name != null && !name.isEmpty() && !Names.isFit(name)) {
            return CompletableFuture.completedFuture(BAD_NAME);
        }
        return from(0, credentials);
    }

    private CompletionStage<Verdict> from(int index, Credentials credentials) {
        if (index == links.size()) {
            return CompletableFuture.completedFuture(atTheEnd(credentials));
        }
        Link link = links.get(index);
        return ask(link, credentials)
                .thenCompose(verdict -> verdict instanceof Verdict.Unknown
                        ? from(index + 1, credentials)
                        : CompletableFuture.completedFuture(verdict));
    }

    private CompletableFuture<Verdict> ask(Link link, Credentials credentials) {
        CompletionStage<Verdict> answer;
        try {
            answer = link.authenticator().authenticate(credentials);
        } catch (RuntimeException | LinkageError failure) {
            answer = CompletableFuture.failedFuture(failure);
        }
        return answer.thenApply(verdict -> CertificateName.added(verdict, credentials))
                .toCompletableFuture()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> broken(link, failure));
    }

    private Verdict broken(Link link, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        long now = System.nanoTime();
        long before = warnedAt.get();
        if (now - before >= WARN_INTERVAL.toNanos() && warnedAt.compareAndSet(before, now)) {
            LOG.atWarn()
                    .addKeyValue("authenticator", link.name())
                    .addKeyValue(
                            "reason",
                            cause instanceof IOException
                                    ? cause.getMessage()
                                    : cause.getClass().getSimpleName())
                    .setCause(LOG.isDebugEnabled() ? cause : null)
                    .log("authenticator has failed, devices are refused");
        }
        return BROKEN;
    }

    private Verdict atTheEnd(Credentials credentials) {
        boolean showsNothing = credentials.username() == null
                && credentials.password() == null
                && credentials.certificates().isEmpty();
        if (anonymous != null && (showsNothing || links.isEmpty())) {
            return new Verdict.Accepted(anonymous);
        }
        return credentials.username() == null ? SHOWS_NOTHING : NOBODY_KNOWS;
    }
}

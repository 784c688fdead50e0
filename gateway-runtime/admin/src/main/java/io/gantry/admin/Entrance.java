// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for a token, where there are any, and keeps out who guesses. On the event loop, but for what is counted. */
final class Entrance {
    private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

    private static final String CHALLENGE = "Bearer realm=\"gantry\"";

    private final Tokens tokens;
    private final Attempts attempts;
    private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);

    /** Why somebody is not let in. */
    enum Reason {
        /** He shows no token. */
        NO_TOKEN,
        /** The token is none of ours. */
        WRONG_TOKEN,
        /** Too many wrong ones came from there. */
        LOCKED_OUT,
        /** The token is not for this. */
        ROLE
    }

    /** What becomes of a request. */
    sealed interface Verdict {

        /** It is let in. */
        record Welcome(Caller caller) implements Verdict {}

        /**
         * It is not.
         *
         * @param after how long the answer is held back
         */
        record Refused(Caller caller, Answer answer, Duration after, Reason reason) implements Verdict {}
    }

    Entrance(Tokens tokens, Attempts attempts) {
        this.tokens = tokens;
        this.attempts = attempts;
        for (Reason reason : Reason.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    /**
     * Judges a request.
     *
     * @param from where it comes from
     * @param authorization all headers of that name
     * @param resource what it is for; null when there is no such thing, which only those let in may know
     */
    Verdict judge(InetAddress from, List<String> authorization, Optional<Resource> resource) {
        Verdict verdict = verdict(from, authorization, resource);
        if (verdict instanceof Verdict.Refused refused) {
            count(refused.reason);
        }
        return verdict;
    }

    private Verdict verdict(InetAddress from, List<String> authorization, Optional<Resource> resource) {
        String address = from.getHostAddress();
        boolean isProbe =
                resource.filter(asked -> asked.verb() == Resource.Verb.PROBE).isPresent();
        if (tokens.isEmpty() || isProbe) {
            return new Verdict.Welcome(new Caller(Caller.LOCAL, Names.of(Role.OPERATOR), address));
        }
        Caller stranger = Caller.unknown(address);
        Duration locked = attempts.lockedFor(from);
        if (!locked.isZero()) {
            return new Verdict.Refused(
                    stranger,
                    Answer.error(429, "too many wrong tokens came from this address")
                            .with("Retry-After", Long.toString(locked.toSeconds() + 1)),
                    Duration.ZERO,
                    Reason.LOCKED_OUT);
        }
        if (authorization.isEmpty()) {
            return new Verdict.Refused(
                    stranger,
                    unauthorized("expected a token: Authorization: Bearer TOKEN", CHALLENGE),
                    Duration.ZERO,
                    Reason.NO_TOKEN);
        }
        Optional<Caller> holder =
                authorization.size() == 1 ? tokens.holder(authorization.get(0), address) : Optional.empty();
        if (holder.isEmpty()) {
            return wrongToken(from, stranger);
        }
        return admitted(holder.get(), resource);
    }

    private Verdict wrongToken(InetAddress from, Caller stranger) {
        Duration after = attempts.failed(from);
        if (!attempts.lockedFor(from).isZero()) {
            LOG.atWarn()
                    .addKeyValue("from", stranger.from())
                    .log("an address is locked out of the admin port: it has shown too many wrong tokens");
        }
        return new Verdict.Refused(
                stranger,
                unauthorized("the token is none of this gateway's", CHALLENGE + ", error=\"invalid_token\""),
                after,
                Reason.WRONG_TOKEN);
    }

    private static Verdict admitted(Caller caller, Optional<Resource> resource) {
        boolean isChange =
                resource.filter(asked -> asked.verb() == Resource.Verb.CHANGE).isPresent();
        if (isChange && !caller.mayChange()) {
            return new Verdict.Refused(
                    caller,
                    Answer.error(403, "this token may look, and not change: expected one with role operator"),
                    Duration.ZERO,
                    Reason.ROLE);
        }
        return new Verdict.Welcome(caller);
    }

    private static Answer unauthorized(String what, String challenge) {
        return Answer.error(401, what).with("WWW-Authenticate", challenge);
    }

    private void count(Reason reason) {
        LongAdder count = counts.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    /** How many were not let in since the start. Any thread. */
    long refused(Reason reason) {
        LongAdder count = counts.get(reason);
        return count == null ? 0 : count.sum();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Credentials;
import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an authenticator once about a device that names no Authentication Method. The device is not read until there is an
 * answer, so what it sends meanwhile stays in the network.
 */
final class Login {
    private static final Logger LOG = LoggerFactory.getLogger(Login.class);
    private static final Verdict.Refused UNKNOWN_NAME =
            new Verdict.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD, "no authenticator knows it");
    private static final Verdict.Refused UNKNOWN =
            new Verdict.Refused(ReasonCode.NOT_AUTHORIZED, "no authenticator lets in who shows nothing");

    private final Channel channel;
    private final Credentials shown;
    private final Consumer<Verdict> then;
    private boolean settled;

    private Login(Channel channel, Credentials shown, Consumer<Verdict> then) {
        this.channel = channel;
        this.shown = shown;
        this.then = then;
    }

    /**
     * Asks. On the channel's event loop.
     *
     * @param then is given Accepted or Refused on the channel's event loop, at once when the answer is there; only Refused
     *     when the channel has closed meanwhile
     */
    static void ask(Authenticator authenticator, Credentials shown, Channel channel, Consumer<Verdict> then) {
        Login login = new Login(channel, shown, then);
        answer(authenticator, shown).whenComplete(login::onAnswer);
        if (!login.settled) {
            channel.config().setAutoRead(false);
        }
    }

    private static CompletionStage<Verdict> answer(Authenticator authenticator, Credentials shown) {
        try {
            return authenticator.authenticate(shown);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private void onAnswer(@Nullable Verdict verdict, @Nullable Throwable failure) {
        if (channel.eventLoop().inEventLoop()) {
            settle(verdict, failure);
        } else {
            channel.eventLoop().execute(() -> settle(verdict, failure));
        }
    }

    private void settle(@Nullable Verdict verdict, @Nullable Throwable failure) {
        settled = true;
        Verdict known = judged(verdict, failure);
        if (channel.isActive()) {
            channel.config().setAutoRead(true);
        } else if (known instanceof Verdict.Accepted) {
            return;
        }
        try {
            then.accept(known);
        } catch (RuntimeException | Error fault) {
            LOG.atError().setCause(fault).log("a login was broken off");
            channel.close();
        }
    }

    private Verdict judged(@Nullable Verdict verdict, @Nullable Throwable failure) {
        if (verdict == null) {
            return new Verdict.Refused(ReasonCode.SERVER_UNAVAILABLE, "the authenticator failed: " + kind(failure));
        }
        if (verdict instanceof Verdict.Unknown) {
            boolean nothing = shown.username() == null && shown.password() == null;
            return nothing ? UNKNOWN : UNKNOWN_NAME;
        }
        return verdict;
    }

    /** Without its text, which may tell what was shown. */
    private static String kind(@Nullable Throwable failure) {
        Throwable known = failure instanceof CompletionException ? failure.getCause() : failure;
        return known == null ? "no verdict" : known.getClass().getName();
    }
}

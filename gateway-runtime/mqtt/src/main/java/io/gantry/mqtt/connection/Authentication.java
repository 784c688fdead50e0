// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.AuthenticationMethod;
import io.gantry.api.security.AuthenticationMethod.Exchange;
import io.gantry.api.security.AuthenticationMethod.Outcome;
import io.gantry.api.security.Credentials;
import io.gantry.mqtt.packet.Auth;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.channel.Channel;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one device proves who it is by its Authentication Method [5.0 §4.12]: once with CONNECT, and again as often as it
 * asks. One step is under way at a time, and an exchange has a bound of rounds. On the channel's event loop, where outcomes
 * come as well, unless the channel has closed; after a failure nothing more comes.
 */
final class Authentication {
    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);

    private final Channel channel;
    private final String name;
    private final AuthenticationMethod method;
    private final Credentials claim;
    private final int maxRounds;
    private final Counters counters;

    private State state = State.IDLE;
    private Exchange exchange = data -> new CompletableFuture<>();
    private int rounds;
    private boolean proved;
    private @Nullable String username;

    /** Whose turn it is. */
    private enum State {
        IDLE,
        METHOD,
        DEVICE,
        FAILED
    }

    /**
     * Nothing is proved yet.
     *
     * @param name of the method, as in CONNECT
     * @param maxRounds packets with Authentication Data that one exchange may take
     */
    Authentication(
            Channel channel,
            String name,
            AuthenticationMethod method,
            Credentials claim,
            int maxRounds,
            Counters counters) {
        this.channel = channel;
        this.name = name;
        this.method = method;
        this.claim = claim;
        this.maxRounds = maxRounds;
        this.counters = counters;
    }

    /** What the device showed when it connected. */
    Credentials claim() {
        return claim;
    }

    /** Begins with what CONNECT brought. */
    void begin(@Nullable Payload data, Consumer<Outcome> then) {
        rounds = 0;
        step(
                () -> {
                    exchange = method.begin(claim);
                    return exchange.next(data);
                },
                then);
    }

    /** Takes an AUTH packet, which goes on with an exchange, or begins one on a connection that has been admitted. */
    void onAuth(Auth auth, Consumer<Outcome> then) {
        boolean again = auth.reasonCode() == ReasonCode.RE_AUTHENTICATE;
        if (!name.equals(auth.authenticationMethod())) {
            fail("AUTH with another method than CONNECT [5.0/MQTT-4.12.0-5]", then);
        } else if (again && state == State.IDLE && proved) {
            begin(auth.authenticationData(), then);
        } else if (!again && state == State.DEVICE) {
            step(() -> exchange.next(auth.authenticationData()), then);
        } else {
            fail("AUTH " + auth.reasonCode() + " out of turn [5.0 §4.12]", then);
        }
    }

    /** The AUTH packet that tells the device how it goes on; a failure is told by CONNACK or DISCONNECT. */
    Auth packet(Outcome outcome) {
        return outcome instanceof Outcome.Success success
                ? new Auth(ReasonCode.SUCCESS, name, success.data(), null)
                : new Auth(ReasonCode.CONTINUE_AUTHENTICATION, name, ((Outcome.Continue) outcome).data(), null);
    }

    private void fail(String detail, Consumer<Outcome> then) {
        counters.count(Counter.PROTOCOL_ERRORS);
        settle(new Outcome.Failure(ReasonCode.PROTOCOL_ERROR, detail), then);
    }

    private void step(Supplier<CompletionStage<Outcome>> asked, Consumer<Outcome> then) {
        state = State.METHOD;
        if (++rounds > maxRounds) {
            counters.count(Counter.AUTHENTICATION_ROUNDS_EXCEEDED);
            settle(new Outcome.Failure(ReasonCode.QUOTA_EXCEEDED, "too many rounds of authentication"), then);
            return;
        }
        answer(asked)
                .handle((outcome, failure) -> outcome == null ? broken(failure) : outcome)
                .thenAcceptAsync(outcome -> settle(outcome, then), channel.eventLoop())
                .exceptionally(failure -> {
                    LOG.atError().addKeyValue("method", name).setCause(failure).log("an authentication was broken off");
                    channel.close();
                    return null;
                });
    }

    private static CompletionStage<Outcome> answer(Supplier<CompletionStage<Outcome>> asked) {
        try {
            return asked.get();
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private Outcome broken(@Nullable Throwable failure) {
        String detail = "Authentication Method " + name + " failed: " + failure;
        ViolationLog.log(channel, claim.clientId().value(), ReasonCode.UNSPECIFIED_ERROR, detail);
        return new Outcome.Failure(ReasonCode.UNSPECIFIED_ERROR, "authentication failed");
    }

    private void settle(Outcome outcome, Consumer<Outcome> then) {
        if (state == State.FAILED || !channel.isActive()) {
            return;
        }
        Outcome verdict = outcome instanceof Outcome.Success success ? identified(success) : outcome;
        if (verdict instanceof Outcome.Continue) {
            state = State.DEVICE;
        } else if (verdict instanceof Outcome.Success) {
            state = State.IDLE;
            proved = true;
        } else {
            state = State.FAILED;
        }
        then.accept(verdict);
    }

    /** A device does not become another while it is connected. */
    private Outcome identified(Outcome.Success success) {
        String who = success.identity().username();
        if (proved && !Objects.equals(username, who)) {
            return new Outcome.Failure(ReasonCode.NOT_AUTHORIZED, "authenticated as somebody else");
        }
        username = who;
        return success;
    }
}

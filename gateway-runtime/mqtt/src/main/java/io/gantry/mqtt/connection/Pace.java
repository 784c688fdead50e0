// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ClientId;
import io.gantry.api.ReasonCode;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.gantry.mqtt.session.FanOut;
import io.gantry.mqtt.session.Overload;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/**
 * How fast one device is served: slows down what it publishes, by its own rate, that of its address and while the gateway is
 * overloaded, and notices acknowledgements nobody waits for.
 */
final class Pace {
    private static final int MOST_UNKNOWN_ACKS_PER_SECOND = 1_000;
    private static final long OVERLOADED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ChannelHandlerContext ctx;
    private final ReadStops reading;
    private final Counters counters;
    private final Overload overload;
    private final TokenBucket publishes;
    private final AddressShare ofAddress;
    private final TokenBucket unknownAcks;

    Pace(ChannelHandlerContext ctx, ReadStops reading, Loop loop) {
        this.ctx = ctx;
        this.reading = reading;
        this.counters = loop.home().counters();
        this.overload = loop.home().overload();
        this.publishes = new TokenBucket(loop.home().limits().maxPublishRate(), now());
        this.ofAddress = new AddressShare(loop.publishRates(), Peer.block(ctx.channel()), now());
        this.unknownAcks = new TokenBucket(MOST_UNKNOWN_ACKS_PER_SECOND, now());
    }

    /** One more message; when they come too fast, nothing is read for a while. */
    void onPublish(ClientId clientId) {
        if (publishes.isEmptied()) {
            long wait = publishes.waitNanos(now());
            if (wait > 0) {
                counters.count(Counter.PUBLISH_RATE_EXCEEDED);
                log(clientId, "more messages a second than max-publish-rate: read more slowly");
                stop(ReadStops.Reason.TOO_FAST, wait);
            }
        }
        if (ofAddress.isEmptied()) {
            long wait = ofAddress.waitNanos(now());
            if (wait > 0) {
                counters.count(Counter.ADDRESS_PUBLISH_RATE_EXCEEDED);
                log(
                        clientId,
                        "more messages a second from its address than max-publish-rate-per-address: read more slowly");
                stop(ReadStops.Reason.ADDRESS_TOO_FAST, wait);
            }
        }
        if (overload.isSlowing()) {
            // one message a second and not none, or a device could not acknowledge what it was sent
            counters.count(Counter.READING_SLOWED);
            stop(ReadStops.Reason.OVERLOADED, OVERLOADED_NANOS);
        }
    }

    /** Its messages have been given to those who want them; when these are many it is others' turn. */
    void onFanOut(FanOut fanOut) {
        if (fanOut.isTurnOver()) {
            fanOut.beginTurn();
            // not as a task, which would come before other connections are read
            stop(ReadStops.Reason.TURN_OVER, 0);
        }
        if (fanOut.isTooFarAhead()) {
            counters.count(Counter.PUBLISHERS_TOO_FAR_AHEAD);
            reading.stop(ctx, ReadStops.Reason.TOO_FAR_AHEAD);
        }
    }

    private void log(ClientId clientId, String detail) {
        ViolationLog.refused(ctx.channel(), clientId.value(), ReasonCode.MESSAGE_RATE_TOO_HIGH, detail);
    }

    private void stop(ReadStops.Reason reason, long nanos) {
        reading.stop(ctx, reason);
        ctx.executor().schedule(() -> reading.resume(ctx, reason), nanos, TimeUnit.NANOSECONDS);
    }

    /** One more acknowledgement for a message that is not under way; true when there are too many. */
    boolean isTooManyUnknownAcks() {
        return unknownAcks.isEmptied() && unknownAcks.waitNanos(now()) > 0;
    }

    private long now() {
        return ctx.executor().ticker().nanoTime();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Ways to the target that break the promise. */
final class BadTarget {
    static final String TWO_LANES = "sends-from-two-lanes";
    static final String CONFIRMS_EARLY = "moves-the-cursor-early";
    static final String CORRUPTS = "corrupts";
    static final String MISROUTES = "misroutes";

    private static final int NOW_AND_THEN = 50;
    private static final int HARMED = 250;
    private static final long LANE_MILLIS = 20;
    private static final long LATE_SECONDS = 3;

    private BadTarget() {}

    private static Fault of(UnaryOperator<Sink> target) {
        return new Fault() {
            @Override
            public Sink target(Sink real) {
                return target.apply(real);
            }
        };
    }

    /** Hands on by two threads in turn, one of which is slower. */
    static Fault twoLanes() {
        ScheduledExecutorService lanes = Executors.newScheduledThreadPool(2);
        AtomicInteger offered = new AtomicInteger();
        return of(real -> (message, acknowledgement) -> lanes.schedule(
                () -> real.offer(message, acknowledgement),
                offered.getAndIncrement() % 2 * LANE_MILLIS,
                TimeUnit.MILLISECONDS));
    }

    /** Says that the target has a message, and hands it on some seconds later. */
    static Fault confirmsEarly() {
        ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
        return of(real -> (message, acknowledgement) -> {
            later.execute(() -> acknowledgement.complete(Delivery.accepted()));
            later.schedule(() -> real.offer(message, Acknowledgement.NOBODY), LATE_SECONDS, TimeUnit.SECONDS);
        });
    }

    /** Turns over a bit in a message now and then. */
    static Fault corrupts() {
        AtomicInteger offered = new AtomicInteger();
        return of(real -> (message, acknowledgement) ->
                real.offer(isItsTurn(offered) ? damaged(message) : message, acknowledgement));
    }

    /** Among the first only: the last of a device is awaited, and would be for minutes. */
    private static boolean isItsTurn(AtomicInteger offered) {
        int number = offered.incrementAndGet();
        return number <= HARMED && number % NOW_AND_THEN == 0;
    }

    private static Message damaged(Message message) {
        byte[] bytes = message.payload().asText().getBytes(US_ASCII);
        bytes[bytes.length - 1] ^= 1;
        return new Message(
                message.id(),
                message.topic(),
                Payload.owning(bytes),
                message.qos(),
                message.retain(),
                message.properties(),
                message.origin(),
                message.receivedMillis());
    }

    /** Hands a message to another outbox's target now and then. */
    static Fault misroutes() {
        List<Sink> all = new ArrayList<>();
        AtomicInteger offered = new AtomicInteger();
        return of(real -> {
            int own = all.size();
            all.add(real);
            return (message, acknowledgement) -> {
                int to = isItsTurn(offered) ? own + 1 : own;
                all.get(to % all.size()).offer(message, acknowledgement);
            };
        });
    }
}

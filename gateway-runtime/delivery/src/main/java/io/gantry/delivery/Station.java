// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Delivery;
import io.gantry.api.MessageId;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.Transactions;
import io.gantry.api.store.WriteOrder;
import java.time.Clock;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all outboxes of a gateway share.
 *
 * @param clock for ages, which outlive the process
 * @param nanos for waits: never goes back
 * @param ids for messages made here
 * @param chance spreads the waits
 */
record Station(
        WriteOrder order,
        Clock clock,
        LongSupplier nanos,
        Supplier<MessageId> ids,
        RandomGenerator chance,
        KeptLetters letters) {
    private static final Logger LOG = LoggerFactory.getLogger(Station.class);
    private static final Delivery FAILED =
            new Delivery.Unavailable(ReasonCode.UNSPECIFIED_ERROR, "the route failed on this message");

    /** A target that answers even when it breaks. */
    Sink guarded(OutboxName outbox, Sink target) {
        return (message, acknowledgement) -> {
            try {
                target.offer(message, acknowledgement);
            } catch (RuntimeException | Error failure) {
                broken(outbox, failure);
                acknowledgement.complete(FAILED);
            }
        };
    }

    /** Transactions that answer even when they break. */
    Transactions guarded(OutboxName outbox, Transactions transactions) {
        return new Transactions() {
            @Override
            public Recovered recover(String journal) {
                try {
                    return transactions.recover(journal);
                } catch (RuntimeException | Error failure) {
                    broken(outbox, failure);
                    return new Recovered(FAILED, OptionalLong.empty());
                }
            }

            @Override
            public Delivery begin() {
                return guarded(outbox, transactions::begin);
            }

            @Override
            public Delivery commit(long position) {
                return guarded(outbox, () -> transactions.commit(position));
            }

            @Override
            public void abort() {
                Delivery ignored = guarded(outbox, () -> {
                    transactions.abort();
                    return Delivery.accepted();
                });
            }
        };
    }

    private Delivery guarded(OutboxName outbox, Supplier<Delivery> step) {
        try {
            return step.get();
        } catch (RuntimeException | Error failure) {
            broken(outbox, failure);
            return FAILED;
        }
    }

    void broken(OutboxName outbox, Throwable failure) {
        LOG.atError().addKeyValue("outbox", outbox).setCause(failure).log("a message broke its route");
    }
}

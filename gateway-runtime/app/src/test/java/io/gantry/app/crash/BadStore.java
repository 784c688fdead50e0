// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.store.Store;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Stores that break the promise. */
final class BadStore {
    static final String ACKNOWLEDGES_EARLY = "acknowledges-before-the-sync";
    static final String FORGETS_PACKET_IDENTIFIERS = "forgets-packet-identifiers";
    static final String CHANGES_ITS_ID = "changes-its-id";

    private static final long LATE_SECONDS = 3;

    private BadStore() {}

    private static Fault of(UnaryOperator<Store> store) {
        return new Fault() {
            @Override
            public Store store(Store real) {
                return store.apply(real);
            }
        };
    }

    /** Stores everything some seconds late, and says of messages that they are stored before they are. */
    static Fault acknowledgesEarly() {
        ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
        return of(real -> new StoreAround(real) {
            @Override
            void commit(Batch batch, Acknowledgement acknowledgement) {
                boolean early = batch.has("putOutbox");
                if (early) {
                    later.execute(() -> acknowledgement.complete(Delivery.accepted()));
                }
                Acknowledgement then = early ? Acknowledgement.NOBODY : acknowledgement;
                later.schedule(() -> super.commit(batch, then), LATE_SECONDS, TimeUnit.SECONDS);
            }
        }.asStore());
    }

    /** Does not keep which QoS 2 messages have come: after a restart a repetition is taken for a new message. */
    static Fault forgetsPacketIdentifiers() {
        return of(real -> new StoreAround(real) {
            @Override
            boolean keeps(String change) {
                return !change.equals("putReceived");
            }
        }.asStore());
    }

    /** Is another one at each start, so that what a target says of how far it has come is not believed. */
    static Fault changesItsId() {
        String other = UUID.randomUUID().toString().replace("-", "");
        return of(real -> new StoreAround(real) {
            @Override
            String id(String id) {
                return other;
            }
        }.asStore());
    }
}

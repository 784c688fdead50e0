// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.store.Store;
import io.gantry.api.store.StoreWrite;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Writes and waits for the answer. */
final class Commits {
    private Commits() {}

    static Delivery outcome(Store store, Consumer<StoreWrite> changes) {
        StoreWrite write = store.newWrite();
        changes.accept(write);
        CompletableFuture<Delivery> outcome = new CompletableFuture<>();
        store.commit(write, outcome::complete);
        return outcome.orTimeout(120, TimeUnit.SECONDS).join();
    }

    static void commit(Store store, Consumer<StoreWrite> changes) {
        assertThat(outcome(store, changes)).isInstanceOf(Delivery.Accepted.class);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A thread for each bulkhead, as a rule an endpoint: it takes what the bulkhead's lanes hand on, so that a target which
 * blocks holds up only them.
 */
final class LaneWorkers implements AutoCloseable {
    private final Map<String, ExecutorService> byBulkhead = new LinkedHashMap<>();

    ExecutorService of(String bulkhead) {
        return byBulkhead.computeIfAbsent(
                bulkhead, name -> Executors.newSingleThreadExecutor(task -> new Thread(task, "gantry-lanes-" + name)));
    }

    @Override
    public void close() {
        byBulkhead.values().forEach(ExecutorService::shutdownNow);
    }
}

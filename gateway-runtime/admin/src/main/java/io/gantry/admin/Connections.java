// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Bounds how many connections there are and how long they may do nothing. Only the event loop of the admin port uses it. */
final class Connections {
    private final Vertx vertx;
    private final AdminLimits limits;
    private final Map<HttpConnection, Long> deadlines = new HashMap<>();

    Connections(Vertx vertx, AdminLimits limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    void opened(HttpConnection connection) {
        if (deadlines.size() >= limits.connections()) {
            connection.close();
            return;
        }
        deadlines.put(connection, deadline(connection));
        connection.closeHandler(closed -> {
            Long timer = deadlines.remove(connection);
            if (timer != null) {
                vertx.cancelTimer(timer);
            }
        });
    }

    /** All that are open now. */
    List<HttpConnection> open() {
        return List.copyOf(deadlines.keySet());
    }

    /** A whole request is there, and its answer takes as long as it takes. */
    void busy(HttpConnection connection) {
        Long timer = deadlines.get(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    /** The answer is on its way, and the next request may come. */
    void idle(HttpConnection connection) {
        Long before = deadlines.get(connection);
        if (before != null) {
            vertx.cancelTimer(before);
            deadlines.put(connection, deadline(connection));
        }
    }

    private long deadline(HttpConnection connection) {
        return vertx.setTimer(limits.patience().toMillis(), late -> connection.close());
    }
}

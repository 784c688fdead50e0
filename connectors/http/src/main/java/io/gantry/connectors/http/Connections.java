// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Bounds how many connections a listener has, and how long they may do nothing. Only its event loop uses it. */
final class Connections {
    private static final long LINGER_MILLIS = 2_000;

    private final Vertx vertx;
    private final HttpListen settings;
    private final Map<HttpConnection, Long> timers = new HashMap<>();

    Connections(Vertx vertx, HttpListen settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    void opened(HttpConnection connection) {
        if (timers.size() >= settings.maxConnections()) {
            connection.close();
            return;
        }
        timers.put(connection, timer(settings.requestTimeout(), connection::close));
        connection.closeHandler(closed -> {
            Long timer = timers.remove(connection);
            if (timer != null) {
                vertx.cancelTimer(timer);
            }
        });
    }

    /** All that are open now. */
    List<HttpConnection> open() {
        return List.copyOf(timers.keySet());
    }

    /** The head of a request is there, and its body has to come. */
    void arriving(HttpConnection connection, Runnable late) {
        replace(connection, settings.requestTimeout(), late);
    }

    /** A whole request is there, and is being answered. */
    void busy(HttpConnection connection) {
        Long timer = timers.get(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    /** The answer is on its way, and the next request may come. */
    void idle(HttpConnection connection) {
        replace(connection, settings.idleTimeout(), connection::close);
    }

    /** The last answer is on its way; who still sends may do so for a moment, or else would not read the answer. */
    void leaving(HttpConnection connection) {
        replace(connection, Duration.ofMillis(LINGER_MILLIS), connection::close);
    }

    private void replace(HttpConnection connection, Duration deadline, Runnable late) {
        Long before = timers.get(connection);
        if (before != null) {
            vertx.cancelTimer(before);
            timers.put(connection, timer(deadline, late));
        }
    }

    private long timer(Duration deadline, Runnable late) {
        return vertx.setTimer(Math.max(1, deadline.toMillis()), elapsed -> late.run());
    }
}

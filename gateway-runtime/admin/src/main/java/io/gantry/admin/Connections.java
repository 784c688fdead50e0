// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Bounds how many connections there are, in all and from each address, and how long they may do nothing. A new one takes the
 * place of one that has been answered and waits for its next request, if there is one. Only the event loop of the admin port
 * uses it.
 */
final class Connections {
    private final Vertx vertx;
    private final AdminLimits limits;
    private final ConnectionCounts counts;
    /** The one that became idle last is the last. */
    private final Map<HttpConnection, Held> held = new LinkedHashMap<>();

    /** What is known of a connection. */
    private static final class Held {
        private final AddressBlock address;
        private long deadline;
        private int underWay;
        private boolean isIdle;

        Held(AddressBlock address, long deadline) {
            this.address = address;
            this.deadline = deadline;
        }
    }

    Connections(Vertx vertx, AdminLimits limits, ConnectionCounts counts) {
        this.vertx = vertx;
        this.limits = limits;
        this.counts = counts;
    }

    void opened(HttpConnection connection, InetAddress from) {
        AddressBlock address = AddressBlock.of(from);
        Predicate<Held> isNeighbour = other -> other.address.equals(address);
        long neighbours = held.values().stream().filter(isNeighbour).count();
        if (neighbours >= limits.connectionsPerAddress() && !closesAnIdleOne(isNeighbour)) {
            refuse(connection, ConnectionCounts.Reason.TOO_MANY_OF_ADDRESS);
        } else if (held.size() >= limits.connections() && !closesAnIdleOne(any -> true)) {
            refuse(connection, ConnectionCounts.Reason.TOO_MANY);
        } else {
            held.put(connection, new Held(address, deadline(connection)));
            connection.closeHandler(closed -> forget(connection));
        }
    }

    private void refuse(HttpConnection connection, ConnectionCounts.Reason reason) {
        counts.count(reason);
        connection.close();
    }

    /** The one that has waited longest for its next request. */
    private boolean closesAnIdleOne(Predicate<Held> among) {
        Optional<HttpConnection> longest = held.entrySet().stream()
                .filter(one -> one.getValue().isIdle && among.test(one.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
        longest.ifPresent(connection -> {
            forget(connection);
            refuse(connection, ConnectionCounts.Reason.IDLE);
        });
        return longest.isPresent();
    }

    private void forget(HttpConnection connection) {
        Held gone = held.remove(connection);
        if (gone != null) {
            vertx.cancelTimer(gone.deadline);
        }
    }

    /** All that are open now. */
    List<HttpConnection> open() {
        return List.copyOf(held.keySet());
    }

    /** The head of a request is there; its deadline is that of the whole request. */
    void asked(HttpConnection connection) {
        Held one = held.get(connection);
        if (one != null) {
            one.underWay++;
            one.isIdle = false;
        }
    }

    /** A whole request is there, and its answer takes as long as it takes. */
    void busy(HttpConnection connection) {
        Held one = held.get(connection);
        if (one != null) {
            vertx.cancelTimer(one.deadline);
        }
    }

    /** The answer is on its way, and the next request may come. */
    void answering(HttpConnection connection) {
        Held one = held.get(connection);
        if (one != null) {
            vertx.cancelTimer(one.deadline);
            one.deadline = deadline(connection);
        }
    }

    /** An answer has gone out. */
    void answered(HttpConnection connection) {
        Held one = held.remove(connection);
        if (one != null) {
            one.underWay--;
            one.isIdle = one.underWay == 0;
            held.put(connection, one);
        }
    }

    private long deadline(HttpConnection connection) {
        return vertx.setTimer(limits.patience().toMillis(), late -> connection.close());
    }
}

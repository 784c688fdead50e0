// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.UserProperty;
import io.gantry.api.settings.InvalidSettingException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.jspecify.annotations.Nullable;

/** The routes that start at a listening endpoint, by the paths of their requests. */
final class PathRoutes {
    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    /** Takes the requests of one route. */
    @FunctionalInterface
    interface Taker {
        /**
         * Answers, now or later.
         *
         * @param path the values of the pattern's names
         */
        void take(IncomingRequest request, List<UserProperty> path);
    }

    /** One route; it takes requests while it has a taker. */
    static final class Entry {
        private final PathPattern pattern;
        private final CoapFrom settings;
        private volatile @Nullable Taker taker;

        private Entry(CoapFrom settings) {
            this.pattern = PathPattern.parse(settings.path());
            this.settings = settings;
        }

        void starts(Taker started) {
            taker = started;
        }

        void stops() {
            taker = null;
        }
    }

    /**
     * Adds a route.
     *
     * @throws InvalidSettingException when another one has the same path
     */
    Entry add(CoapFrom settings) {
        Entry entry = new Entry(settings);
        if (entries.stream().anyMatch(other -> other.pattern.isLike(entry.pattern))) {
            throw new InvalidSettingException(
                    "path", "must not be that of another route at this endpoint, was '" + settings.path() + "'");
        }
        entries.add(entry);
        return entry;
    }

    /** Gives a request to the first route whose path it has; false when there is none. */
    boolean take(IncomingRequest request, List<String> path) {
        for (Entry entry : entries) {
            List<UserProperty> values = entry.pattern.match(path);
            if (values != null) {
                give(request, entry, values);
                return true;
            }
        }
        return false;
    }

    private static void give(IncomingRequest request, Entry entry, List<UserProperty> values) {
        Taker taker = entry.taker;
        if (!entry.settings.methods().contains(request.method())) {
            request.refuse(Answers.refusal(ResponseCode.METHOD_NOT_ALLOWED, "takes " + entry.settings.methods()));
        } else if (taker == null) {
            request.refuse(Answers.later("the route is stopped"));
        } else {
            taker.take(request, values);
        }
    }
}

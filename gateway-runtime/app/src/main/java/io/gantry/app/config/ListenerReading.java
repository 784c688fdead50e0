// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.app.yaml.Binder;
import io.gantry.app.yaml.Element;
import io.gantry.app.yaml.Problems;
import io.gantry.mqtt.ListenerSettings;
import io.gantry.mqtt.ListenerUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads listeners, and refuses one whose address another has taken. */
final class ListenerReading {
    private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::");

    private final Problems problems;
    private final Binder binder;
    private final List<ListenerSettings> earlier = new ArrayList<>();

    ListenerReading(Problems problems, Binder binder) {
        this.problems = problems;
        this.binder = binder;
    }

    @Nullable ListenerSettings listener(Element element, String label) {
        ListenerSettings listener = binder.bindByConvention(ListenerSettings.class, element, label);
        if (listener == null) {
            return null;
        }
        for (ListenerSettings other : earlier) {
            if (collide(listener.url(), other.url())) {
                problems.add(
                        binder.placeOf(listener.url()),
                        "url: " + listener.url() + " and " + other.url() + " in line "
                                + binder.placeOf(other.url()).line() + " take the same port, expected another one");
            }
        }
        earlier.add(listener);
        return listener;
    }

    private static boolean collide(ListenerUrl one, ListenerUrl other) {
        boolean sameHost = one.host().equalsIgnoreCase(other.host())
                || ALL_ADDRESSES.contains(one.host())
                || ALL_ADDRESSES.contains(other.host());
        return one.port() != 0 && one.port() == other.port() && sameHost;
    }
}

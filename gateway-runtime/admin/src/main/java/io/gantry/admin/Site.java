// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.admin.Resource.Verb;
import io.gantry.admin.Resource.Where;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What there is on the admin port, by its path. */
final class Site {
    private static final String NUMBER = "{number}";
    private static final Pattern NUMBERED = Pattern.compile("(/[a-z0-9/-]+/)([1-9]\\d{0,17})");

    private final Map<String, Numbered> byPath = new LinkedHashMap<>();

    /** A resource that may have a number at the end of its path. */
    private interface Numbered {
        Resource of(long number);
    }

    Site(Administration gateway, GatewayMetrics metrics, Uptime uptime) {
        HealthResources health = new HealthResources(gateway);
        add("/health/live", new Resource(Verb.PROBE, Where.AT_ONCE, call -> health.live()));
        add("/health/ready", new Resource(Verb.PROBE, Where.AT_ONCE, call -> health.ready()));
        add("/metrics", new Resource(Verb.READ, Where.READER, call -> metrics.scrape(call.accept())));
        add(
                "/api/v1/status",
                new Resource(
                        Verb.READ,
                        Where.READER,
                        call -> Answer.ok(
                                GatewayStatus.of(gateway, uptime.seconds()).toJson())));
        DeadLetterResources deadLetters = new DeadLetterResources(gateway);
        add("/api/v1/dead-letters", new Resource(Verb.READ, Where.READER, deadLetters::list));
        byPath.put(
                "/api/v1/dead-letters/" + NUMBER,
                number -> new Resource(Verb.READ, Where.READER, call -> deadLetters.show(number)));
        add("/api/v1/dead-letters/replay", new Resource(Verb.CHANGE, Where.CHANGER, deadLetters::replay));
        add("/api/v1/dead-letters/drop", new Resource(Verb.CHANGE, Where.CHANGER, deadLetters::drop));
        BanResources bans = new BanResources(gateway);
        add("/api/v1/bans", new Resource(Verb.READ, Where.READER, bans::list));
        add("/api/v1/bans/add", new Resource(Verb.CHANGE, Where.CHANGER, bans::add));
        add("/api/v1/bans/remove", new Resource(Verb.CHANGE, Where.CHANGER, bans::remove));
    }

    private void add(String path, Resource resource) {
        byPath.put(path, number -> resource);
    }

    /** All paths, with {@code {number}} where one belongs. */
    Set<String> paths() {
        return Set.copyOf(byPath.keySet());
    }

    Optional<Resource> at(String path) {
        if (path.indexOf('{') >= 0) {
            return Optional.empty();
        }
        Matcher form = NUMBERED.matcher(path);
        boolean isNumbered = form.matches();
        Numbered found = byPath.get(isNumbered ? form.group(1) + NUMBER : path);
        return found == null ? Optional.empty() : Optional.of(found.of(isNumbered ? Long.parseLong(form.group(2)) : 0));
    }
}

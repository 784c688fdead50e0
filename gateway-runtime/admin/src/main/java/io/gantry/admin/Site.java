// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.admin.Resource.Verb;
import io.gantry.admin.Resource.Where;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What there is on the admin port, by its path. */
final class Site {
    private static final Pattern DEAD_LETTER = Pattern.compile("/api/v1/dead-letters/([1-9]\\d{0,17})");

    private final Map<String, Resource> byPath;
    private final DeadLetterResources deadLetters;

    Site(Administration gateway, GatewayMetrics metrics, Uptime uptime) {
        HealthResources health = new HealthResources(gateway);
        this.deadLetters = new DeadLetterResources(gateway);
        this.byPath = Map.of(
                "/health/live", new Resource(Verb.PROBE, Where.AT_ONCE, call -> health.live()),
                "/health/ready", new Resource(Verb.PROBE, Where.AT_ONCE, call -> health.ready()),
                "/metrics", new Resource(Verb.READ, Where.READER, call -> metrics.scrape(call.accept())),
                "/api/v1/status",
                        new Resource(
                                Verb.READ,
                                Where.READER,
                                call -> Answer.ok(GatewayStatus.of(gateway, uptime.seconds())
                                        .toJson())),
                "/api/v1/dead-letters", new Resource(Verb.READ, Where.READER, deadLetters::list),
                "/api/v1/dead-letters/replay", new Resource(Verb.CHANGE, Where.CHANGER, deadLetters::replay),
                "/api/v1/dead-letters/drop", new Resource(Verb.CHANGE, Where.CHANGER, deadLetters::drop));
    }

    Optional<Resource> at(String path) {
        Matcher letter = DEAD_LETTER.matcher(path);
        if (letter.matches()) {
            long number = Long.parseLong(letter.group(1));
            return Optional.of(new Resource(Verb.READ, Where.READER, call -> deadLetters.show(number)));
        }
        return Optional.ofNullable(byPath.get(path));
    }
}

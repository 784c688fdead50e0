// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Payload;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.RejectedMessageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/** Google's topics and subscriptions. A message is bytes with attributes, all texts. */
final class GooglePubsub implements CloudService {
    private static final Pattern NAME = Pattern.compile("(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}");
    private static final Pattern PROJECT = Pattern.compile("[a-z][a-z0-9-]{4,28}[a-z0-9]");
    private static final int LONGEST_KEY = 1_024;

    @Override
    public String scheme() {
        return "google-pubsub";
    }

    @Override
    public Set<String> needs() {
        return Set.of("project");
    }

    @Override
    public Set<String> takes() {
        return Set.of("project", "service-account");
    }

    @Override
    public void check(Map<String, Object> given) {
        CloudService.require(given, "project", PROJECT, "the id of a project: 6 to 30 of a-z, 0-9 and '-'");
        Object file = given.get("service-account");
        if (file != null && !Files.isReadable(Path.of(file.toString()))) {
            throw new InvalidSettingException("service-account", "must be a file that can be read, was '" + file + "'");
        }
    }

    @Override
    public String address(CamelEndpointSettings settings) {
        return "google-pubsub " + settings.project();
    }

    @Override
    public void checkFrom(CamelFrom from) {
        requireName(from.uri());
    }

    @Override
    public void checkTo(CamelTo to) {
        requireName(to.uri());
    }

    private static void requireName(String name) {
        CloudService.requireName(
                name,
                NAME,
                "the name of a topic or subscription: a letter and 2 to 254 letters, digits and -._~+%, not beginning"
                        + " with goog");
    }

    @Override
    public String path(CamelEndpointSettings settings, String name) {
        return settings.project() + ":" + name;
    }

    @Override
    public Map<String, Object> options(CamelEndpointSettings settings, String name) {
        Map<String, Object> options = new HashMap<>();
        options.put("messageOrderingEnabled", true);
        if (settings.serviceAccount() != null) {
            options.put("serviceAccountKey", "file:" + settings.serviceAccount());
        }
        return options;
    }

    @Override
    public Map<String, Object> sourceOptions() {
        return Map.of("concurrentConsumers", 1);
    }

    @Override
    public boolean carries(String header) {
        return true;
    }

    @Override
    public void place(Payload payload, String key, Exchange exchange) throws RejectedMessageException {
        if (key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            throw CloudService.rejected("an ordering key of Pub/Sub is at most " + LONGEST_KEY + " bytes");
        }
        exchange.getMessage().setBody(payload.sharedBytes().clone());
        if (!key.isEmpty()) {
            exchange.getMessage().setHeader("CamelGooglePubsubOrderingKey", key);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.Template;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Settings as the YAML reader would make them: all defaults, except what a test is about. */
final class Settings {

    private Settings() {}

    static HttpEndpointSettings endpoint(String url) {
        return endpoint(url, Duration.ofSeconds(30));
    }

    static HttpEndpointSettings endpoint(String url, Duration responseTimeout) {
        return endpoint(url, responseTimeout, 20);
    }

    static HttpEndpointSettings endpoint(String url, Duration responseTimeout, int maxConnections) {
        return new HttpEndpointSettings(
                url,
                null,
                null,
                null,
                Duration.ofSeconds(5),
                responseTimeout,
                maxConnections,
                ByteSize.fromText("64KiB"),
                null);
    }

    static HttpEndpointSettings withCredentials(
            String url, @Nullable String username, @Nullable String password, @Nullable String token) {
        return new HttpEndpointSettings(
                url,
                username,
                password == null ? null : new Secret(password),
                token == null ? null : new Secret(token),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                20,
                ByteSize.fromText("64KiB"),
                null);
    }

    static HttpTo to(String path) {
        return to(path, Map.of(), Map.of());
    }

    static HttpTo to(HttpTo.Method method, String path) {
        return new HttpTo(Template.fromText(path), method, Map.of(), Map.of(), null);
    }

    static HttpTo to(String path, Map<String, String> query, Map<String, String> headers) {
        return new HttpTo(Template.fromText(path), HttpTo.Method.POST, templates(query), templates(headers), null);
    }

    static HttpTo withContentType(String contentType) {
        return new HttpTo(
                Template.fromText("/in"), HttpTo.Method.POST, Map.of(), Map.of(), Template.fromText(contentType));
    }

    private static Map<String, Template> templates(Map<String, String> texts) {
        Map<String, Template> templates = new TreeMap<>();
        texts.forEach((name, text) -> templates.put(name, Template.fromText(text)));
        return templates;
    }
}

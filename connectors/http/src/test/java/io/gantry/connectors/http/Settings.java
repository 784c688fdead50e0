// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.TlsSettings;
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
        EndpointDraft draft = new EndpointDraft(url);
        draft.responseTimeout = responseTimeout;
        draft.maxConnections = maxConnections;
        return draft.settings();
    }

    static HttpEndpointSettings withCredentials(
            String url, @Nullable String username, @Nullable String password, @Nullable String token) {
        EndpointDraft draft = new EndpointDraft(url);
        draft.username = username;
        draft.password = password == null ? null : new Secret(password);
        draft.token = token == null ? null : new Secret(token);
        return draft.settings();
    }

    /** An endpoint of which a test changes what it is about. */
    static final class EndpointDraft {
        final @Nullable String url;

        @Nullable String username;

        @Nullable Secret password;

        @Nullable Secret token;

        Duration connectTimeout = Duration.ofSeconds(5);
        Duration responseTimeout = Duration.ofSeconds(30);
        int maxConnections = 20;
        String maxResponseSize = "64KiB";

        @Nullable TlsSettings tls;

        @Nullable OAuthSettings oauth;

        @Nullable ProxySettings proxy;

        boolean denyPrivateAddresses;

        @Nullable HttpListen listen;

        EndpointDraft(@Nullable String url) {
            this.url = url;
        }

        HttpEndpointSettings settings() {
            return new HttpEndpointSettings(
                    url,
                    username,
                    password,
                    token,
                    connectTimeout,
                    responseTimeout,
                    maxConnections,
                    ByteSize.fromText(maxResponseSize),
                    tls,
                    oauth,
                    proxy,
                    denyPrivateAddresses,
                    listen);
        }
    }

    static HttpTo to(String path) {
        return new ToDraft(path).settings();
    }

    static HttpTo to(HttpTo.Method method, String path) {
        ToDraft draft = new ToDraft(path);
        draft.method = method;
        return draft.settings();
    }

    static HttpTo to(String path, Map<String, String> query, Map<String, String> headers) {
        ToDraft draft = new ToDraft(path);
        draft.query = templates(query);
        draft.headers = templates(headers);
        return draft.settings();
    }

    static HttpTo withContentType(String contentType) {
        ToDraft draft = new ToDraft("/in");
        draft.contentType = Template.fromText(contentType);
        return draft.settings();
    }

    /** A route's side of which a test changes what it is about. */
    static final class ToDraft {
        final String path;
        HttpTo.Method method = HttpTo.Method.POST;
        Map<String, Template> query = Map.of();
        Map<String, Template> headers = Map.of();

        @Nullable Template contentType;

        HttpTo.Body body = HttpTo.Body.RAW;
        HttpTo.Compression compression = HttpTo.Compression.NONE;
        boolean properties;

        @Nullable BatchSettings batch;

        boolean reply;

        @Nullable Template replyTopic;

        ToDraft(String path) {
            this.path = path;
        }

        HttpTo settings() {
            return new HttpTo(
                    Template.fromText(path),
                    method,
                    query,
                    headers,
                    contentType,
                    body,
                    compression,
                    properties,
                    batch,
                    reply,
                    replyTopic);
        }
    }

    static BatchSettings batch(int max, Duration wait, BatchSettings.Format format) {
        return new BatchSettings(max, wait, ByteSize.fromText("1MiB"), format);
    }

    static Map<String, Template> templates(Map<String, String> texts) {
        Map<String, Template> templates = new TreeMap<>();
        texts.forEach((name, text) -> templates.put(name, Template.fromText(text)));
        return templates;
    }
}

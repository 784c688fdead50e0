// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a broker listens: {@code mqtt://host:1883}, {@code mqtts://host:8883}, {@code ws://host/path} or
 * {@code wss://host/path}.
 *
 * @param host as written; never taken from a message or from what a broker says
 * @param path of the WebSocket; empty for plain TCP
 */
record BrokerUrl(boolean secure, boolean webSocket, String host, int port, String path) {
    private static final int HIGHEST_PORT = 65_535;

    /**
     * Reads a url of the YAML.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    static BrokerUrl parse(String text) {
        URI uri = uri(text);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean webSocket = scheme.equals("ws") || scheme.equals("wss");
        boolean secure = scheme.equals("mqtts") || scheme.equals("wss");
        if (!webSocket && !secure && !scheme.equals("mqtt")) {
            throw new IllegalArgumentException(
                    "must start with mqtt://, mqtts://, ws:// or wss://, was '" + text + "'");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("must be such as mqtts://host:8883, without a user, was '" + text + "'");
        }
        if (!webSocket && (!uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/") || uri.getRawQuery() != null)) {
            throw new IllegalArgumentException("must not have a path, was '" + text + "'");
        }
        int port = uri.getPort() < 0 ? standardPort(secure, webSocket) : uri.getPort();
        if (port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("must have a port of 1 to " + HIGHEST_PORT + ", was '" + text + "'");
        }
        return new BrokerUrl(secure, webSocket, uri.getHost(), port, webSocket ? pathOf(uri) : "");
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException("must be such as mqtts://host:8883, was '" + text + "'", malformed);
        }
    }

    private static int standardPort(boolean secure, boolean webSocket) {
        if (webSocket) {
            return secure ? 443 : 80;
        }
        return secure ? 8883 : 1883;
    }

    private static String pathOf(URI uri) {
        String path = orEmpty(uri.getRawPath()).isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Without the brackets of an IPv6 address. */
    String hostName() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String toString() {
        String scheme = (webSocket ? "ws" : "mqtt") + (secure ? "s" : "");
        return scheme + "://" + host + ":" + port;
    }
}

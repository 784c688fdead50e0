// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a listener listens, as {@code mqtt://host:port} or {@code ws://host:port/path}; with TLS {@code mqtts} and
 * {@code wss}.
 *
 * @param host a host name or an address, an IPv6 address without its brackets
 * @param port 0 to 65535; 0 takes a free one
 * @param path what a WebSocket device asks for, such as {@code /mqtt}; empty for TCP
 */
public record ListenerUrl(Transport transport, String host, int port, String path) {
    private static final Pattern FORM =
            Pattern.compile("(mqtts?|wss?)://(\\[[0-9a-fA-F:.]+]|[^\\[\\]:/@]+)(?::(\\d{1,5}))?(/[A-Za-z0-9._~/-]*)?");
    private static final Pattern NOT_BUILT = Pattern.compile("(tcp|ssl|http|https|coap|coaps)://.*");
    private static final String FORMS = "mqtt://host:port or ws://host:port/path, with TLS mqtts:// or wss://";

    /** What carries the packets. */
    public enum Transport {
        /** MQTT over TCP. */
        MQTT(1883, ""),
        /** The same within TLS. */
        MQTTS(8883, ""),
        /** MQTT over WebSocket [5.0 §6]; port and path as most other servers have them. */
        WS(8083, "/mqtt"),
        /** The same within TLS. */
        WSS(8084, "/mqtt");

        private final int defaultPort;
        private final String defaultPath;

        Transport(int defaultPort, String defaultPath) {
            this.defaultPort = defaultPort;
            this.defaultPath = defaultPath;
        }

        /** Whether packets are carried in WebSocket frames. */
        public boolean isWebSocket() {
            return this == WS || this == WSS;
        }

        /** Whether it is within TLS. */
        public boolean isTls() {
            return this == MQTTS || this == WSS;
        }

        /** As in a URL. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ListenerUrl {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("has port " + port + ", must be 0 to 65535");
        }
        if (!transport.isWebSocket() && !path.isEmpty()) {
            throw new IllegalArgumentException("has path " + path + ", must be " + FORMS);
        }
    }

    /** Of a listener for TCP. */
    public ListenerUrl(String host, int port) {
        this(Transport.MQTT, host, port, "");
    }

    /**
     * Reads the form users write.
     *
     * @throws IllegalArgumentException when it is not of that form
     */
    public static ListenerUrl fromText(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            Matcher other = NOT_BUILT.matcher(text);
            throw new IllegalArgumentException(
                    other.matches()
                            ? "'" + other.group(1) + "' listeners are not supported by this version, only " + FORMS
                            : "must be " + FORMS + ", was '" + text + "'");
        }
        Transport transport = Transport.valueOf(form.group(1).toUpperCase(Locale.ROOT));
        String host = form.group(2);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        int port = form.group(3) == null ? transport.defaultPort : Integer.parseInt(form.group(3));
        boolean slashAlone = !transport.isWebSocket() && "/".equals(form.group(4));
        String path = form.group(4) == null || slashAlone ? transport.defaultPath : form.group(4);
        return new ListenerUrl(transport, bare, port, path);
    }

    @Override
    public String toString() {
        return transport + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port + path;
    }
}

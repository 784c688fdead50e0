// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.ListenAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a CoAP server is. Its host and port are those of every request, whatever a message contains.
 *
 * @param secure whether by DTLS, and then never without
 * @param host a name or an IP address, an IPv6 address without its brackets
 * @param port 0 to 65535; 0 only where something listens, on any free port
 */
record CoapAddress(boolean secure, String host, int port) {
    private static final int PLAIN_PORT = 5683;
    private static final int SECURE_PORT = 5684;
    private static final Pattern IPV4 = Pattern.compile("[0-9.]+");

    /**
     * Reads where a target is. What it says of a wrong one does not repeat it, because it may contain a password.
     *
     * @throws InvalidSettingException when it is something else
     */
    static CoapAddress ofTarget(String text) {
        return parse("url", text, "must be a URL such as coap://10.0.0.7:5683 or coaps://meters.example", 1);
    }

    /**
     * Reads where to listen; without a scheme it is plain CoAP.
     *
     * @throws InvalidSettingException when it is something else
     */
    static CoapAddress ofListener(String text) {
        String url = text.contains("://") ? text : "coap://" + text;
        return parse("address", url, "must be an address such as 127.0.0.1:5683 or coaps://0.0.0.0:5684", 0);
    }

    private static CoapAddress parse(String key, String text, String expected, int leastPort) {
        URI uri = uri(key, text, expected);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        boolean isAddress = (scheme.equals("coap") || scheme.equals("coaps"))
                && host != null
                && uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (uri.getRawPath() == null || uri.getRawPath().isEmpty())
                && (uri.getPort() == -1 || (uri.getPort() >= leastPort && uri.getPort() <= 65_535));
        if (!isAddress || host == null) {
            throw new InvalidSettingException(key, expected);
        }
        boolean secure = scheme.equals("coaps");
        int port = uri.getPort() == -1 ? (secure ? SECURE_PORT : PLAIN_PORT) : uri.getPort();
        return new CoapAddress(secure, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }

    private static URI uri(String key, String text, String expected) {
        try {
            return new URI(text);
        } catch (URISyntaxException wrong) {
            // Without its cause, whose message contains the text.
            throw new InvalidSettingException(key, expected);
        }
    }

    /** Whether the host is an IP address, so that there is nothing to look up. */
    boolean isLiteral() {
        return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
    }

    /** Whether only this machine can reach it; no name but {@code localhost} is taken for one of this machine. */
    boolean isLoopback() {
        return ListenAddress.isLoopback(host);
    }

    @Override
    public String toString() {
        return (secure ? "coaps://" : "coap://") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}

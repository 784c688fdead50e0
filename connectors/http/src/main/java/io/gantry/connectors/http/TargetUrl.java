// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.settings.InvalidSettingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where an endpoint is. Its scheme, host and port are those of every request, whatever a message contains.
 *
 * @param host as in the YAML, an IPv6 address with its brackets
 * @param port 1 to 65535
 * @param prefix the URL without a trailing slash: every request's URL begins with it
 */
record TargetUrl(String host, int port, String prefix) {

    /**
     * Reads the setting. What it says of a wrong one does not repeat it, because it may contain a password.
     *
     * @throws InvalidSettingException when it is not the URL of a service
     */
    static TargetUrl parse(String text) {
        return parse("url", text);
    }

    /**
     * As {@link #parse(String)}, for another key.
     *
     * @throws InvalidSettingException when it is not the URL of a service
     */
    static TargetUrl parse(String key, String text) {
        URI uri = parsed(key, text);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        require(key, scheme.equals("http") || scheme.equals("https"), "must begin with http:// or https://");
        require(key, uri.getRawUserInfo() == null, "must not contain a user or a password: they are keys of their own");
        require(key, uri.getRawQuery() == null, "must not contain a query: it is a key of the route's to");
        require(key, uri.getRawFragment() == null, "must not contain a fragment");
        String host = uri.getHost();
        require(key, host != null, "must name a host, as in https://host/path");
        require(
                key,
                uri.getPort() >= -1 && uri.getPort() != 0 && uri.getPort() <= 65_535,
                "must have a port of 1 to 65535");
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        require(
                key,
                base.isEmpty() || PathTemplate.isWellFormed(base),
                "must not have empty or dot segments in its path");
        int port = uri.getPort() > 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        String origin = scheme + "://" + host + (uri.getPort() > 0 ? ":" + uri.getPort() : "");
        return new TargetUrl(String.valueOf(host), port, origin + base);
    }

    private static URI parsed(String key, String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException wrong) {
            // Without its cause, whose message contains the text.
            throw new InvalidSettingException(key, "must be a URL such as https://host:8443/path");
        }
    }

    private static void require(String key, boolean isMet, String expected) {
        if (!isMet) {
            throw new InvalidSettingException(key, expected);
        }
    }

    @Override
    public String toString() {
        return prefix;
    }
}

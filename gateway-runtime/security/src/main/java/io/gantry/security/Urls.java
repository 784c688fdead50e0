// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.settings.InvalidSettingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;

/** Which URLs may be asked about devices: those by which nobody on the way can read or change what is said. */
final class Urls {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private Urls() {}

    /**
     * Refuses others.
     *
     * @param key of the URL in the YAML
     * @throws InvalidSettingException with a clause about it
     */
    static void check(String key, String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException malformed) {
            throw new InvalidSettingException(key, "must be a URL such as https://idp.example/path");
        }
        boolean isSafe = "https".equals(url.getScheme())
                || ("http".equals(url.getScheme()) && url.getHost() != null && LOOPBACK.contains(url.getHost()));
        if (!isSafe || url.getHost() == null || url.getFragment() != null) {
            throw new InvalidSettingException(
                    key,
                    "must be an https URL, or an http URL of a loopback address, such as https://idp.example/path");
        }
        if (url.getUserInfo() != null) {
            throw new InvalidSettingException(key, "must not have a user or a password in it");
        }
    }

    /** Refuses a cache of more than 1h, and a timeout that the chain would not wait for. */
    static void checkTimes(Duration cache, Duration timeout) {
        if (cache.isNegative() || cache.compareTo(Duration.ofHours(1)) > 0) {
            throw new InvalidSettingException("cache", "must be 0s to 1h");
        }
        if (timeout.toMillis() < 100 || timeout.toMillis() > 4_000) {
            throw new InvalidSettingException("timeout", "must be 100ms to 4s");
        }
    }
}

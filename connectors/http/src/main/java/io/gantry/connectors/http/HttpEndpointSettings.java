// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.api.settings.ShortForm;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code http:} of an endpoint: where the service is, who Gantry is there, and how long it waits. */
@Description(
        "An HTTP/1.1 service, by `url`, for routes that end here; or by `listen` an HTTP server of Gantry's own, for"
                + " routes that start here; or both. Certificates of `https` are always checked, with the trust of the JVM; redirects are"
                + " never followed and cookies never kept.")
public record HttpEndpointSettings(
        @Description("Where the service is, as `https://host:port/path`; the path of each route is put behind it.")
        @ShortForm
        @Nullable String url,

        @Description("User name for basic authentication; sent with every request.") @Nullable String username,

        @Description("Password for basic authentication.") @Nullable Secret password,

        @Description("Bearer token, in place of username and password; sent with every request.") @Nullable Secret token,

        @Description("How long looking up the name, connecting and the TLS handshake may take, each.")
        @DefaultValue("5s")
        Duration connectTimeout,

        @Description("How long the service may be silent. Together with connect-timeout it is the longest time a whole"
                + " request may take until its answer begins.")
        @DefaultValue("30s")
        Duration responseTimeout,

        @Description("Most requests under way at once, each on a connection of its own; 1 to 1000. Up to 1000 more"
                + " wait for them, further ones are unavailable.")
        @DefaultValue("20")
        int maxConnections,

        @Description("How much of an answer's body is read before its connection is closed instead of being used again."
                + " The body itself is not looked at.")
        @DefaultValue("64KiB")
        ByteSize maxResponseSize,

        @Description("Where Gantry listens for requests, for routes that start at this endpoint. By default nowhere.")
        @Nullable HttpListen listen) {

    private static final int MOST_CONNECTIONS = 1_000;
    private static final long LARGEST_RESPONSE = 64L << 20;

    public HttpEndpointSettings {
        if (url != null) {
            TargetUrl.parse(url);
        } else if (listen == null) {
            throw new InvalidSettingException(
                    "must have url, for routes that end here, or listen, for routes that" + " start here");
        } else if (token != null || username != null || password != null) {
            throw new InvalidSettingException(
                    "must not have credentials without a url: those of callers are keys of" + " listen");
        }
        if (token != null && (username != null || password != null)) {
            throw new InvalidSettingException("token", "must not be given together with username and password");
        }
        if (token != null && !isToken(token.reveal())) {
            throw new InvalidSettingException("token", "must be visible ASCII characters without a blank");
        }
        if ((username == null) != (password == null)) {
            throw new InvalidSettingException(
                    username == null ? "password" : "username",
                    "must be given together with " + (username == null ? "username" : "password"));
        }
        if (username != null && username.indexOf(':') >= 0) {
            throw new InvalidSettingException("username", "must not contain a colon");
        }
        within("connect-timeout", connectTimeout, Duration.ofMillis(100), Duration.ofMinutes(1));
        within("response-timeout", responseTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
        if (maxConnections < 1 || maxConnections > MOST_CONNECTIONS) {
            throw new InvalidSettingException(
                    "max-connections", "must be 1 to " + MOST_CONNECTIONS + ", was " + maxConnections);
        }
        if (maxResponseSize.bytes() > LARGEST_RESPONSE) {
            throw new InvalidSettingException(
                    "max-response-size",
                    "must be at most " + new ByteSize(LARGEST_RESPONSE) + ", was " + maxResponseSize);
        }
    }

    /** Of an endpoint that has a url. */
    TargetUrl target() {
        if (url == null) {
            throw new IllegalStateException("only listens");
        }
        return TargetUrl.parse(url);
    }

    private static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    private static void within(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidSettingException(
                    key, "must be " + shown(least) + " to " + shown(most) + ", was " + shown(value));
        }
    }

    private static String shown(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}

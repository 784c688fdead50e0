// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.api.settings.ShortForm;
import io.gantry.connectors.spi.GuardedSettings;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code http:} of an endpoint: where the service is, who Gantry is there, and how long it waits. */
@Description(
        "An HTTP/1.1 service, by `url`, for routes that end here; or by `listen` an HTTP server of Gantry's own, for"
                + " routes that start here; or both. Certificates of `https` are always checked; redirects are never followed and"
                + " cookies never kept.")
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
                + " With `reply` it is the largest answer that is taken; otherwise the body is not looked at.")
        @DefaultValue("64KiB")
        ByteSize maxResponseSize,

        @Description(
                "Certificates for `https`. Left out, the trust of the JVM and no certificate of the gateway's own.")
        @Nullable TlsSettings tls,

        @Description("Access tokens by OAuth 2.0, in place of username, password and token.") @Nullable OAuthSettings oauth,

        @Description("Proxy through which the service is reached; without it directly, whatever the environment says.")
        @Nullable ProxySettings proxy,

        @Description("Whether connections to private, local and reserved addresses are refused, whatever name leads"
                + " there; checked at each connection, after its name was looked up.")
        @DefaultValue("false")
        boolean denyPrivateAddresses,

        @Description("Where Gantry listens for requests, for routes that start at this endpoint. By default nowhere.")
        @Nullable HttpListen listen)
        implements GuardedSettings {

    private static final int MOST_CONNECTIONS = 1_000;
    private static final long LARGEST_RESPONSE = 64L << 20;

    public HttpEndpointSettings {
        if (url != null) {
            TargetUrl.parse(url);
        }
        boolean isAuthenticated = token != null || username != null || password != null || oauth != null;
        if (url == null && (listen == null || isAuthenticated || tls != null || proxy != null)) {
            throw new InvalidSettingException(
                    listen == null
                            ? "must have url, for routes that end here, or listen, for routes that start here"
                            : "must not have credentials, tls or proxy without a url: those of callers are keys of"
                                    + " listen");
        }
        if (token != null && (username != null || password != null)) {
            throw new InvalidSettingException("token", "must not be given together with username and password");
        }
        if (token != null && !isToken(token.reveal())) {
            throw new InvalidSettingException("token", "must be visible ASCII characters without a blank");
        }
        Basic.check(username, password);
        if (oauth != null && (username != null || token != null)) {
            throw new InvalidSettingException("oauth", "must not be given together with username or token");
        }
        if (proxy != null && denyPrivateAddresses) {
            throw new InvalidSettingException(
                    "deny-private-addresses", "must not be given together with proxy: the proxy looks the name up");
        }
        if (tls != null && !isHttps(url) && (oauth == null || !isHttps(oauth.tokenUrl()))) {
            throw new InvalidSettingException("tls", "must not be given when the url begins with http://");
        }
        within("connect-timeout", connectTimeout, Duration.ofMillis(100), Duration.ofMinutes(1));
        within("response-timeout", responseTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
        bounded(maxConnections, maxResponseSize);
    }

    private static void bounded(int maxConnections, ByteSize maxResponseSize) {
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

    @Override
    public boolean isUnderSecurity() {
        return listen != null && listen.security();
    }

    /** Whether whoever listens on the way learns what the gateway logs in with. */
    boolean tellsSecretsInTheClear() {
        boolean isAuthenticated = token != null || username != null || oauth != null;
        return url != null && ((isAuthenticated && !isHttps(url)) || (oauth != null && !isHttps(oauth.tokenUrl())));
    }

    /** Of an endpoint that has a url. */
    TargetUrl target() {
        if (url == null) {
            throw new IllegalStateException("only listens");
        }
        return TargetUrl.parse(url);
    }

    private static boolean isHttps(@Nullable String url) {
        return url != null && TargetUrl.parse(url).prefix().startsWith("https:");
    }

    /** Whether it can stand in a header behind {@code Bearer}. */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.security.ServerTls.ClientCertificate;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.ListenAddress;
import io.gantry.api.settings.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The {@code listen:} of an HTTP endpoint: where it waits for requests, who may call, and what a caller may take. */
@Description(
        "An HTTP/1.1 server for routes that start at this endpoint. Without `tls`, what is sent there, credentials too,"
                + " can be read by whoever sees the connection.")
public record HttpListen(
        @Description("Where it listens, as `host:port`; port 0 takes a free one.")
        ListenAddress address,

        @Description("Certificates for https, in place of http.") @Nullable ServerTlsSettings tls,

        @Description("User name that callers must give, by basic authentication.") @Nullable String username,

        @Description("Password that callers must give.") @Nullable Secret password,

        @Description(
                "Bearer token that callers may give in place of, or instead of having, a user name and a password.")
        @Nullable Secret token,

        @Description("Whether callers come under the file's `security:`: they show a user name and a password (basic"
                + " authentication), a token (bearer) or a client certificate, and may publish and read what its roles say."
                + " In place of `username` and `token`.")
        @DefaultValue("false")
        boolean security,

        @Description("Whether anybody may call an address that is not a loopback address. Without it, such an address"
                + " needs `username` and `password`, or `token`, or `tls` with `client-ca`, or `security`.")
        @DefaultValue("false")
        boolean anonymous,

        @Description("Path under which callers are devices themselves: a POST or PUT to `/topics/a/b` publishes to the"
                + " Topic Name `a/b`, as a device does; a GET reads its Retained Message. The query may have `qos` (0, 1,"
                + " 2; 1 by default), `retain` (`true`, `false`) and `expiry` (seconds). By default there is none.")
        @Nullable FixedPath topics,

        @Description("Largest body of a request; at most 64MiB.") @DefaultValue("256KiB")
        ByteSize maxBody,

        @Description(
                "Largest head of a request: all its headers; 1KiB to 1MiB. Its first line may have 8KiB, or this if"
                        + " it is less.")
        @DefaultValue("32KiB")
        ByteSize maxHeaders,

        @Description("Most connections at a time; further ones are closed. 1 to 100000.") @DefaultValue("1000")
        int maxConnections,

        @Description("How long a connection may do nothing between requests. 100ms to 1h.") @DefaultValue("60s")
        Duration idleTimeout,

        @Description("How long a request may take to arrive as a whole, from its first byte or the connection's"
                + " beginning. 100ms to 1h.")
        @DefaultValue("30s")
        Duration requestTimeout,

        @Description("How long a caller waits at most until the message is taken; then it is answered 504, and the"
                + " message may be taken all the same. Where a device's answer is asked for, reply-timeout counts"
                + " from then on. 100ms to 1h.")
        @DefaultValue("30s")
        Duration answerTimeout) {

    private static final long LARGEST_BODY = 64L << 20;
    private static final long SMALLEST_HEADERS = 1L << 10;
    private static final long LARGEST_HEADERS = 1L << 20;
    private static final int MOST_CONNECTIONS = 100_000;

    public HttpListen {
        requireCredentials(username, password, token);
        requireSomething(
                address, anonymous || token != null || username != null || asksForCertificate(tls) || security);
        boolean hasOwn = token != null || username != null;
        if (anonymous && (hasOwn || security)) {
            throw new InvalidSettingException("anonymous", "must not be true when there are credentials to give");
        }
        if (security && hasOwn) {
            throw new InvalidSettingException(
                    "security", "must not be true when there is username or token: security: says who may call");
        }
        if (maxBody.bytes() > LARGEST_BODY) {
            throw new InvalidSettingException(
                    "max-body", "must be at most " + new ByteSize(LARGEST_BODY) + ", was " + maxBody);
        }
        if (maxHeaders.bytes() < SMALLEST_HEADERS || maxHeaders.bytes() > LARGEST_HEADERS) {
            throw new InvalidSettingException(
                    "max-headers",
                    "must be " + new ByteSize(SMALLEST_HEADERS) + " to " + new ByteSize(LARGEST_HEADERS) + ", was "
                            + maxHeaders);
        }
        if (maxConnections < 1 || maxConnections > MOST_CONNECTIONS) {
            throw new InvalidSettingException(
                    "max-connections", "must be 1 to " + MOST_CONNECTIONS + ", was " + maxConnections);
        }
        withinBounds("idle-timeout", idleTimeout);
        withinBounds("request-timeout", requestTimeout);
        withinBounds("answer-timeout", answerTimeout);
    }

    private static void requireSomething(ListenAddress address, boolean hasSomething) {
        if (!hasSomething && !address.isLoopback()) {
            throw new InvalidSettingException(
                    "address",
                    "must be a loopback address such as 127.0.0.1:8081, or have username and password, or a token, or"
                            + " tls with client-ca, or security: true, or anonymous: true, was '" + address + "'");
        }
    }

    private static void requireCredentials(
            @Nullable String username, @Nullable Secret password, @Nullable Secret token) {
        Basic.check(username, password);
        if (username != null && username.isEmpty()) {
            throw new InvalidSettingException("username", "must not be empty");
        }
        if (password != null && password.reveal().isEmpty()) {
            throw new InvalidSettingException("password", "must not be empty");
        }
        if (token != null && !HttpEndpointSettings.isToken(token.reveal())) {
            throw new InvalidSettingException("token", "must be visible ASCII characters without a blank");
        }
    }

    private static void withinBounds(String key, Duration value) {
        within(key, value, Duration.ofMillis(100), Duration.ofHours(1));
    }

    private static boolean asksForCertificate(@Nullable ServerTlsSettings tls) {
        return tls != null && tls.clientCert() == ClientCertificate.REQUIRED;
    }

    /** Whether callers must show who they are. */
    boolean asksForCredentials() {
        return username != null || token != null || security || asksForCertificate(tls);
    }
}

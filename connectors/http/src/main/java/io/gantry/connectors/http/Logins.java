// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.api.ClientId;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.CallerGate;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Guest;
import io.gantry.api.security.Identity;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Who calls a listener that is under {@code security:}. What a connection has shown is known for a minute, since looking at a
 * password takes tens of milliseconds; whether its user is banned, and his proof has ended, is asked each time. Only its event
 * loop uses it.
 */
final class Logins {
    private static final long KNOWN_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final HttpAnswer WHO = HttpAnswer.error(401, "expected credentials that are known here")
            .with("WWW-Authenticate", "Basic realm=\"gantry\", charset=\"UTF-8\", Bearer realm=\"gantry\"");
    private static final HttpAnswer AWAY = HttpAnswer.notNow("who calls cannot be found out now", 5);

    private final CallerGate gate;
    private final ClientId endpoint;
    private final Vertx vertx;
    private final Map<HttpConnection, Known> known = new WeakHashMap<>();

    /**
     * Nobody has called yet.
     *
     * @param endpoint what all its callers are called to who asks for a Client Identifier
     */
    Logins(CallerGate gate, ClientId endpoint, Vertx vertx) {
        this.gate = gate;
        this.endpoint = endpoint;
        this.vertx = vertx;
    }

    /** Who a connection has proved to be, and by which header. */
    private static final class Known {
        private final byte[] digest;
        private final Identity identity;
        private final long sinceNanos = System.nanoTime();

        Known(byte[] digest, Identity identity) {
            this.digest = digest;
            this.identity = identity;
        }

        boolean isStill(byte[] other) {
            return MessageDigest.isEqual(digest, other) && System.nanoTime() - sinceNanos < KNOWN_NANOS;
        }
    }

    /** What a header shows. */
    private record Shown(
            @Nullable String username, @Nullable Payload password) {
        static final Shown NOTHING = new Shown(null, null);
    }

    /** Says who calls, on the event loop: now or later, one of both. */
    void judge(HttpServerRequest request, RequestHeaders headers, Consumer<Guest> letIn, Consumer<HttpAnswer> refused) {
        List<String> given = headers.values("authorization");
        Shown shown = given.isEmpty() ? Shown.NOTHING : given.size() == 1 ? read(given.get(0)) : null;
        if (shown == null) {
            refused.accept(WHO);
            return;
        }
        HttpConnection connection = request.connection();
        InetAddress from = from(connection);
        byte[] digest = digest(given.isEmpty() ? "" : given.get(0));
        Known before = known.get(connection);
        if (before != null && before.isStill(digest)) {
            tell(gate.judge(from, before.identity), letIn, refused);
            return;
        }
        Context loop = vertx.getOrCreateContext();
        gate.judge(new Credentials(from, endpoint, shown.username, shown.password, certificates(connection)))
                .whenComplete((verdict, failure) -> onLoop(loop, () -> {
                    if (verdict instanceof Verdict.Accepted accepted) {
                        known.put(connection, new Known(digest, accepted.identity()));
                    }
                    tell(verdict, letIn, refused);
                }));
    }

    private static void onLoop(Context loop, Runnable step) {
        try {
            loop.runOnContext(back -> step.run());
        } catch (RejectedExecutionException closed) {
            // The listener is closed, and so is the connection on which the answer would go.
            return;
        }
    }

    private void tell(@Nullable Verdict verdict, Consumer<Guest> letIn, Consumer<HttpAnswer> refused) {
        if (verdict instanceof Verdict.Accepted accepted) {
            letIn.accept(Guest.of(accepted.identity(), gate));
        } else {
            refused.accept(verdict instanceof Verdict.Refused told ? answer(told.code()) : AWAY);
        }
    }

    private static HttpAnswer answer(ReasonCode code) {
        return switch (code) {
            case BAD_USER_NAME_OR_PASSWORD, NOT_AUTHORIZED -> WHO;
            case BANNED -> Callers.BANNED;
            default -> AWAY;
        };
    }

    /** Where a connection comes from. */
    static InetAddress from(HttpConnection connection) {
        SocketAddress address = connection.remoteAddress();
        try {
            return InetAddress.getByName(address.hostAddress());
        } catch (UnknownHostException bug) {
            throw new IllegalStateException("an address of a socket is one", bug);
        }
    }

    private static List<X509Certificate> certificates(HttpConnection connection) {
        if (!connection.isSsl()) {
            return List.of();
        }
        try {
            return connection.peerCertificates().stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }

    /** What a header shows; null for one that shows nothing of what is asked for. */
    private static @Nullable Shown read(String header) {
        int blank = header.indexOf(' ');
        String value = header.substring(blank + 1).strip();
        return switch (blank < 0 ? "" : header.substring(0, blank).toLowerCase(Locale.ROOT)) {
            case "basic" -> readBasic(value);
            case "bearer" -> new Shown(null, Payload.owning(value.getBytes(UTF_8)));
            default -> null;
        };
    }

    private static @Nullable Shown readBasic(String encoded) {
        try {
            byte[] both = Base64.getDecoder().decode(encoded);
            int colon = 0;
            while (colon < both.length && both[colon] != ':') {
                colon++;
            }
            if (colon == both.length) {
                return null;
            }
            String username =
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(both, 0, colon)).toString();
            return new Shown(username, Payload.owning(Arrays.copyOfRange(both, colon + 1, both.length)));
        } catch (IllegalArgumentException | CharacterCodingException unreadable) {
            return null;
        }
    }

    /** So that a password is not kept. */
    private static byte[] digest(String header) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(header.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException bug) {
            throw new IllegalStateException("every Java has it", bug);
        }
    }
}

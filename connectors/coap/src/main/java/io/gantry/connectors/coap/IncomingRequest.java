// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.UserProperty;
import io.gantry.api.security.Guest;
import io.gantry.connectors.spi.EndpointEvent;
import io.gantry.connectors.spi.EventCounts;
import io.gantry.connectors.spi.PercentText;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.jspecify.annotations.Nullable;

/**
 * A request that came in and must be answered once. When that takes longer than the client may wait for an
 * acknowledgement, it is acknowledged first and answered separately.
 */
final class IncomingRequest {
    private static final long ACKNOWLEDGED_AFTER_MILLIS = 500;

    private final Exchange exchange;
    private final CoapMethod method;
    private final EventCounts<EndpointEvent> counts;
    private final Runnable after;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final Future<?> acknowledgement;
    private volatile Guest guest = Guest.ANYBODY;

    /**
     * Of Californium's exchange.
     *
     * @param after runs when it is answered
     */
    IncomingRequest(
            Exchange exchange,
            CoapMethod method,
            ScheduledExecutorService timers,
            EventCounts<EndpointEvent> counts,
            Runnable after) {
        this.exchange = exchange;
        this.method = method;
        this.counts = counts;
        this.after = after;
        this.acknowledgement = timers.schedule(
                () -> exchange.execute(exchange::sendAccept), ACKNOWLEDGED_AFTER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The method of a request; null when it is none of RFC 7252. */
    static @Nullable CoapMethod methodOf(Request request) {
        return Arrays.stream(CoapMethod.values())
                .filter(method -> method.code() == request.getCode())
                .findFirst()
                .orElse(null);
    }

    Exchange exchange() {
        return exchange;
    }

    CoapMethod method() {
        return method;
    }

    OptionSet options() {
        return exchange.getRequest().getOptions();
    }

    Payload payload() {
        byte[] payload = exchange.getRequest().getPayload();
        return payload == null ? Payload.EMPTY : Payload.owning(payload);
    }

    /** 1 for who wants an acknowledgement, 0 for who does not. */
    Qos qos() {
        return exchange.getRequest().isConfirmable() ? Qos.AT_LEAST_ONCE : Qos.AT_MOST_ONCE;
    }

    /** Parts of the query, as {@code query.NAME}; one without = has an empty value. */
    List<UserProperty> query() {
        List<UserProperty> query = new ArrayList<>();
        for (String part : options().getUriQuery()) {
            int equals = part.indexOf('=');
            query.add(new UserProperty(
                    "query." + (equals < 0 ? part : part.substring(0, equals)),
                    equals < 0 ? "" : part.substring(equals + 1)));
        }
        return query;
    }

    /** What DTLS has proved; null for nothing. */
    @Nullable Principal principal() {
        return exchange.getRequest().getSourceContext().getPeerIdentity();
    }

    InetSocketAddress from() {
        return exchange.getRequest().getSourceContext().getPeerAddress();
    }

    /** Says what its caller may do, before anybody takes it. */
    void letIn(Guest caller) {
        guest = caller;
    }

    /** Its caller, and what he may do. */
    Guest guest() {
        return guest;
    }

    /** The user that he is to the bans: who was let in, or the name of his key; null for neither. */
    @Nullable String username() {
        String let = guest.username();
        return let == null && principal() instanceof PreSharedKeyIdentity key ? key.getIdentity() : let;
    }

    /** Who sent it: the name behind its key, the subject of its certificate, or, without either, its address and port. */
    String caller() {
        Principal principal = principal();
        if (principal instanceof PreSharedKeyIdentity key) {
            return key.getIdentity();
        }
        if (principal instanceof X509CertPath certificate) {
            return PercentText.encode(certificate.getName(), IncomingRequest::mayStandInName);
        }
        InetSocketAddress from = from();
        return from.getAddress().getHostAddress() + ":" + from.getPort();
    }

    private static boolean mayStandInName(int c) {
        return c >= ' ' && c < 0x7F && c != '/' && c != '+' && c != '#';
    }

    /** Answers that no route and no topic gets it. */
    void refuse(Response refusal) {
        counts.count(EndpointEvent.REFUSED);
        answer(refusal);
    }

    /** Any thread; only the first counts. */
    void answer(Response response) {
        if (answered.compareAndSet(false, true)) {
            acknowledgement.cancel(false);
            after.run();
            exchange.sendResponse(response);
        }
    }
}

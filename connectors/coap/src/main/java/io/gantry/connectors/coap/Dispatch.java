// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.security.CallerBans;
import io.gantry.api.security.Guest;
import io.gantry.connectors.spi.EndpointEvent;
import io.gantry.connectors.spi.EventCounts;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionNumberRegistry;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.jspecify.annotations.Nullable;

/** Gives each request to the route or the topic that its path names; refuses all others, and more than may wait. */
final class Dispatch implements MessageDeliverer {
    /** Critical options that are understood, here or by Californium. */
    private static final Set<Integer> UNDERSTOOD = Set.of(
            OptionNumberRegistry.URI_HOST,
            OptionNumberRegistry.URI_PORT,
            OptionNumberRegistry.URI_PATH,
            OptionNumberRegistry.URI_QUERY,
            OptionNumberRegistry.ACCEPT,
            OptionNumberRegistry.BLOCK1,
            OptionNumberRegistry.BLOCK2);

    private static final Set<Integer> OF_PROXIES =
            Set.of(OptionNumberRegistry.PROXY_URI, OptionNumberRegistry.PROXY_SCHEME);

    private final PathRoutes routes;
    private final @Nullable TopicRequests topics;
    private final CallerBans bans;
    private final @Nullable Logins logins;
    private final ScheduledExecutorService timers;
    private final Semaphore free;
    private final EventCounts<EndpointEvent> counts;
    private volatile boolean stopped;

    /**
     * For one endpoint.
     *
     * @param logins null when it is not under {@code security:}
     * @param most requests that are not answered yet
     */
    Dispatch(
            PathRoutes routes,
            @Nullable TopicRequests topics,
            CallerBans bans,
            @Nullable Logins logins,
            ScheduledExecutorService timers,
            int most,
            EventCounts<EndpointEvent> counts) {
        this.routes = routes;
        this.topics = topics;
        this.bans = bans;
        this.logins = logins;
        this.timers = timers;
        this.free = new Semaphore(most);
        this.counts = counts;
    }

    /** From now on everything is refused for now. */
    void stop() {
        stopped = true;
    }

    @Override
    public void deliverRequest(Exchange exchange) {
        OptionSet options = exchange.getRequest().getOptions();
        CoapMethod method = IncomingRequest.methodOf(exchange.getRequest());
        Response refusal = stopped ? Answers.later("the gateway stops") : refusalOf(options, method);
        if (refusal == null && !free.tryAcquire()) {
            refusal = Answers.later("too many requests are not answered yet");
        }
        if (refusal != null || method == null) {
            counts.count(EndpointEvent.REFUSED);
            exchange.sendResponse(refusal);
            return;
        }
        IncomingRequest request = new IncomingRequest(exchange, method, timers, counts, free::release);
        if (bans.isBanned(request.from().getAddress(), request.username())) {
            request.refuse(Answers.banned());
        } else if (logins == null) {
            dispatch(request, options.getUriPath());
        } else {
            askWho(request, logins);
        }
    }

    private void askWho(IncomingRequest request, Logins asked) {
        try {
            asked.judge(request, guest -> letIn(request, guest), request::refuse);
        } catch (RuntimeException bug) {
            request.refuse(Answers.refusal(ResponseCode.INTERNAL_SERVER_ERROR, "the gateway failed on this request"));
            throw bug;
        }
    }

    private void letIn(IncomingRequest request, Guest guest) {
        request.letIn(guest);
        Exchange exchange = request.exchange();
        exchange.execute(() -> dispatch(request, request.options().getUriPath()));
    }

    private void dispatch(IncomingRequest request, List<String> path) {
        try {
            boolean taken = routes.take(request, path) || (topics != null && topics.take(request, path));
            if (!taken) {
                request.refuse(Answers.refusal(ResponseCode.NOT_FOUND, "nothing is here"));
            }
        } catch (RuntimeException bug) {
            request.refuse(Answers.refusal(ResponseCode.INTERNAL_SERVER_ERROR, "the gateway failed on this request"));
            throw bug;
        }
    }

    private static @Nullable Response refusalOf(OptionSet options, @Nullable CoapMethod method) {
        for (Option option : options.asSortedList()) {
            int number = option.getNumber();
            if (OF_PROXIES.contains(number)) {
                return Answers.refusal(ResponseCode.PROXY_NOT_SUPPORTED, "this is no proxy");
            }
            if (OptionNumberRegistry.isCritical(number) && !UNDERSTOOD.contains(number)) {
                return Answers.refusal(ResponseCode.BAD_OPTION, "option " + number + " is not understood");
            }
        }
        return method == null ? Answers.refusal(ResponseCode.METHOD_NOT_ALLOWED, "unknown method") : null;
    }

    @Override
    public void deliverResponse(Exchange exchange, Response response) {
        exchange.getRequest().setResponse(response);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Payload;
import io.gantry.api.UserProperty;
import io.gantry.api.security.Guest;
import io.gantry.connectors.spi.EndpointEvent;
import io.gantry.connectors.spi.EventCounts;
import io.gantry.tls.vertx.HttpTls;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets requests in or refuses them, gathers their bodies and has them taken by the worker. On the event loop. */
final class Reception implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    private static final long LEAST_ROOM = 64L << 20;
    private static final Pattern TARGET = Pattern.compile("/[!-~&&[^#]]*+");
    private static final HttpAnswer BROKEN = HttpAnswer.error(400, "the body is not what its headers say");
    private static final HttpAnswer BUSY = HttpAnswer.notNow("too many requests are under way", 1);
    private static final HttpAnswer STOPPING = HttpAnswer.notNow("the gateway is stopping", 5);
    private static final HttpAnswer LATE = HttpAnswer.error(
            504, "it is not known in time what became of the message, which may be taken all the same");

    private final Vertx vertx;
    private final HttpListen settings;
    private final HttpTls tls;
    private final Places places;
    private final Callers callers;
    private final @Nullable Logins logins;
    private final Connections connections;
    private final BodyRoom room;
    private final Executor worker;
    private final EventCounts<EndpointEvent> counts;
    private volatile boolean isStopping;

    /**
     * For one listener.
     *
     * @param worker takes the requests, in their order; throws {@link RejectedExecutionException} when it has too many
     */
    Reception(
            Vertx vertx,
            HttpListen settings,
            HttpTls tls,
            Entrance entrance,
            Places places,
            Executor worker,
            EventCounts<EndpointEvent> counts) {
        this.vertx = vertx;
        this.settings = settings;
        this.tls = tls;
        this.places = places;
        this.callers = entrance.callers;
        this.logins = entrance.logins;
        this.connections = new Connections(vertx, settings);
        this.room = new BodyRoom(Math.max(LEAST_ROOM, settings.maxBody().bytes()));
        this.worker = worker;
        this.counts = counts;
        tls.follow(connections::open);
    }

    /**
     * Who may call.
     *
     * @param logins null where that is not up to {@code security:}
     */
    record Entrance(Callers callers, @Nullable Logins logins) {}

    /** From now on every request is told to come later. Any thread. */
    void refuseNew() {
        isStopping = true;
    }

    void opened(HttpConnection connection) {
        connections.opened(connection);
        tls.check(connection);
    }

    /** What was made of a request's head, or why it is refused. */
    private record Head(
            Callers.@Nullable Refusal refusal, List<String> path, List<UserProperty> query, RequestHeaders headers) {

        static Head refused(HttpAnswer answer) {
            return refused(new Callers.Refusal(answer, 0));
        }

        static Head refused(Callers.Refusal refusal) {
            return new Head(refusal, List.of(), List.of(), new RequestHeaders(List.of()));
        }
    }

    @Override
    public void handle(HttpServerRequest request) {
        Arrival arrival = new Arrival(request, connections, room, vertx);
        Head head = head(request);
        if (head.refusal != null) {
            refuse(arrival, head.refusal);
        } else if (logins == null) {
            letIn(arrival, head, Guest.ANYBODY);
        } else {
            awaitWhole(arrival);
            request.pause();
            logins.judge(
                    request, head.headers, guest -> letIn(arrival, head, guest), answer -> refuse(arrival, answer));
        }
    }

    private void refuse(Arrival arrival, Callers.Refusal refusal) {
        if (refusal.waitMillis() == 0) {
            refuse(arrival, refusal.answer());
            return;
        }
        awaitWhole(arrival);
        arrival.request().pause();
        vertx.setTimer(refusal.waitMillis(), elapsed -> refuse(arrival, refusal.answer()));
    }

    private void awaitWhole(Arrival arrival) {
        connections.arriving(
                arrival.request().connection(),
                () -> turnAway(arrival, HttpAnswer.error(408, "the request did not arrive in time")));
    }

    private void letIn(Arrival arrival, Head head, Guest guest) {
        HttpServerRequest request = arrival.request();
        Places.Found found = places.find(request.method().name(), head.path);
        Place place = found.place();
        if (arrival.isAnswered()) {
            return;
        }
        if (place == null) {
            refuse(arrival, nowhere(request, found));
            return;
        }
        awaitWhole(arrival);
        request.handler(part -> gather(arrival, part));
        request.endHandler(end -> {
            if (!arrival.isAnswered()) {
                arrival.whole();
                hand(arrival, place, head, guest);
            }
        });
        request.exceptionHandler(broken -> {
            LOG.atDebug()
                    .addKeyValue("cause", broken.getClass().getSimpleName())
                    .log("a request ended too early");
            turnAway(arrival, BROKEN);
        });
        if (request.getHeader("Expect") != null) {
            request.response().writeContinue();
        }
        request.resume();
    }

    /** Who sends something else than a request is not trusted with another; nor is who may not read the answer first. */
    private void refuse(Arrival arrival, HttpAnswer answer) {
        if (arrival.isAnswered()) {
            return;
        }
        if (answer.status() != 400 && !hasBody(arrival.request())) {
            arrival.whole();
        }
        turnAway(arrival, answer);
        // who calls may have been asked for meanwhile
        arrival.request().resume();
    }

    /** Answers a request that nobody is given. */
    private void turnAway(Arrival arrival, HttpAnswer answer) {
        if (!arrival.isAnswered() && answer.status() >= 400) {
            counts.count(EndpointEvent.REFUSED);
        }
        arrival.answer(answer);
    }

    private void gather(Arrival arrival, Buffer part) {
        if (arrival.isAnswered()) {
            return;
        }
        if (arrival.size() + (long) part.length() > settings.maxBody().bytes()) {
            turnAway(arrival, tooLarge());
        } else if (!arrival.add(part)) {
            turnAway(arrival, BUSY);
        }
    }

    private void hand(Arrival arrival, Place place, Head head, Guest guest) {
        ReceivedRequest received = new ReceivedRequest(
                arrival.request().method().name(),
                head.path,
                head.query,
                head.headers,
                Payload.owning(arrival.body()),
                guest,
                arrival::answerFromAnywhere);
        try {
            worker.execute(() -> take(place, received));
            arrival.after(settings.answerTimeout().plus(place.extraTime()), () -> giveUp(arrival));
        } catch (RejectedExecutionException full) {
            turnAway(arrival, BUSY);
        }
    }

    private void giveUp(Arrival arrival) {
        if (!arrival.isAnswered()) {
            counts.count(EndpointEvent.TIMED_OUT);
        }
        arrival.answer(LATE);
    }

    private static void take(Place place, ReceivedRequest request) {
        try {
            place.take(request);
        } catch (RuntimeException bug) {
            LOG.atError().setCause(bug).log("taking a request failed");
            request.answer(HttpAnswer.error(500, "this failed inside the gateway, whose log says why"));
        }
    }

    private Head head(HttpServerRequest request) {
        RequestHeaders headers = RequestHeaders.of(request.headers());
        String target = request.uri();
        if (headers == null || !TARGET.matcher(target).matches()) {
            return Head.refused(HttpAnswer.error(400, "expected a path, and headers whose values are UTF-8"));
        }
        Optional<Callers.Refusal> caller = callers.refusal(Logins.from(request.connection()), headers);
        if (caller.isPresent()) {
            return Head.refused(caller.get());
        }
        Optional<HttpAnswer> content = refusedContent(headers);
        if (content.isPresent()) {
            return Head.refused(content.get());
        }
        if (isStopping) {
            return Head.refused(STOPPING);
        }
        int mark = target.indexOf('?');
        List<String> path = RequestText.segments(mark < 0 ? target : target.substring(0, mark));
        List<UserProperty> query = RequestText.query(mark < 0 ? null : target.substring(mark + 1));
        if (path == null || query == null) {
            return Head.refused(HttpAnswer.error(
                    400, "expected UTF-8, percent-encoded, without dot segments and control characters"));
        }
        return new Head(null, path, query, headers);
    }

    private Optional<HttpAnswer> refusedContent(RequestHeaders headers) {
        List<String> codings = headers.values("transfer-encoding");
        if (!codings.stream().allMatch("chunked"::equalsIgnoreCase) || codings.size() > 1) {
            return Optional.of(HttpAnswer.error(501, "expected no other transfer coding than chunked"));
        }
        if (!headers.values("expect").stream().allMatch("100-continue"::equalsIgnoreCase)) {
            return Optional.of(HttpAnswer.error(417, "expected no other expectation than 100-continue"));
        }
        if (!headers.values("content-encoding").stream().allMatch("identity"::equalsIgnoreCase)) {
            return Optional.of(HttpAnswer.error(415, "expected a body without Content-Encoding")
                    .with("Accept-Encoding", "identity"));
        }
        if (!headers.values("content-type").stream().allMatch(MediaType::isWellFormed)
                || headers.values("content-type").size() > 1) {
            return Optional.of(HttpAnswer.error(415, "expected a Content-Type that is a media type"));
        }
        String length = headers.only("content-length").orElse("0");
        boolean isLong = length.length() > 18
                || Long.parseLong(length) > settings.maxBody().bytes();
        return isLong ? Optional.of(tooLarge()) : Optional.empty();
    }

    private static HttpAnswer nowhere(HttpServerRequest request, Places.Found found) {
        if (found.allowed().isEmpty()) {
            return HttpAnswer.error(404, "there is nothing here");
        }
        TreeSet<String> allowed = new TreeSet<>(found.allowed());
        allowed.add("OPTIONS");
        HttpAnswer answer = request.method().name().equals("OPTIONS")
                ? HttpAnswer.of(204, "", Payload.EMPTY)
                : HttpAnswer.error(405, "expected another method");
        return answer.with("Allow", String.join(", ", allowed));
    }

    private HttpAnswer tooLarge() {
        return HttpAnswer.error(
                413, "the body is larger than " + settings.maxBody().bytes() + " bytes");
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return request.getHeader("Transfer-Encoding") != null || (length != null && !length.equals("0"));
    }
}

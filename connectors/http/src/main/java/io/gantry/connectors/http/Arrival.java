// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.UserProperty;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/** One request from its head to its answer. Only the event loop uses it, but for {@link #answerFromAnywhere}. */
final class Arrival {
    private final HttpServerRequest request;
    private final Connections connections;
    private final BodyRoom room;
    private final Vertx vertx;
    private final Context loop;
    private final Buffer body = Buffer.buffer();
    private boolean isWhole;
    private boolean isAnswered;
    private long timer = -1;

    Arrival(HttpServerRequest request, Connections connections, BodyRoom room, Vertx vertx) {
        this.request = request;
        this.connections = connections;
        this.room = room;
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
    }

    HttpServerRequest request() {
        return request;
    }

    boolean isAnswered() {
        return isAnswered;
    }

    byte[] body() {
        return body.getBytes();
    }

    /** Whether there was room for some more of the body. */
    boolean add(Buffer part) {
        if (!room.take(part.length())) {
            return false;
        }
        body.appendBuffer(part);
        return true;
    }

    int size() {
        return body.length();
    }

    /** All of it is here. */
    void whole() {
        isWhole = true;
        connections.busy(request.connection());
    }

    /** Does something on the event loop for whoever has not answered within a time. */
    void after(Duration wait, Runnable late) {
        timer = vertx.setTimer(Math.max(1, wait.toMillis()), elapsed -> late.run());
    }

    void answerFromAnywhere(HttpAnswer answer) {
        try {
            loop.runOnContext(back -> answer(answer));
        } catch (RejectedExecutionException closed) {
            // The listener is closed, and so is the connection on which the answer would go.
            return;
        }
    }

    /** Sends the first answer; what comes after it is ignored. */
    void answer(HttpAnswer answer) {
        if (isAnswered) {
            return;
        }
        isAnswered = true;
        vertx.cancelTimer(timer);
        room.giveBack(body.length());
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        boolean staysOpen = isWhole;
        write(response, answer, staysOpen);
        if (staysOpen) {
            connections.idle(request.connection());
        } else {
            leave();
        }
    }

    private void write(HttpServerResponse response, HttpAnswer answer, boolean staysOpen) {
        byte[] bytes = answer.body().sharedBytes();
        response.setStatusCode(answer.status())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Content-Type-Options", "nosniff");
        for (UserProperty header : answer.headers()) {
            response.putHeader(header.name(), header.value());
        }
        if (!staysOpen) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        if (answer.status() == 204) {
            response.end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length));
        if (request.method().name().equals("HEAD")) {
            response.end();
        } else {
            response.end(Buffer.buffer(bytes));
        }
    }

    /** What still comes is thrown away, so that it is never taken for another request. */
    private void leave() {
        connections.leaving(request.connection());
        if (request.isEnded()) {
            request.connection().close();
            return;
        }
        request.handler(part -> {});
        request.endHandler(end -> request.connection().close());
        request.resume();
    }
}

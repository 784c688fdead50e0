// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.tls.vertx.HttpTls;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets requests in or refuses them, has them answered on the thread they belong on, and sends the answers. On the event loop. */
final class Reception implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    private final Vertx vertx;
    private final Site site;
    private final Gate gate;
    private final HttpTls tls;
    private final Connections connections;
    private final AdminLimits limits;
    private final Workers workers;

    /**
     * What a request has to pass.
     *
     * @param audit used by the worker that changes, and by nobody else
     */
    record Gate(HttpTls tls, HostCheck hosts, Entrance entrance, Audit audit) {}

    Reception(Vertx vertx, Site site, Gate gate, Connections connections, AdminLimits limits, Workers workers) {
        this.vertx = vertx;
        this.site = site;
        this.gate = gate;
        this.tls = gate.tls;
        this.connections = connections;
        this.limits = limits;
        this.workers = workers;
        tls.follow(connections::open);
    }

    void opened(HttpConnection connection) {
        Optional<InetAddress> from = address(connection.remoteAddress());
        if (from.isEmpty()) {
            connection.close();
            return;
        }
        connections.opened(connection, from.get());
        tls.check(connection);
    }

    @Override
    public void handle(HttpServerRequest request) {
        connections.asked(request.connection());
        Optional<InetAddress> from = address(request.remoteAddress());
        Optional<InetAddress> reached = address(request.localAddress());
        if (from.isEmpty() || reached.isEmpty()) {
            request.connection().close();
            return;
        }
        MultiMap headers = request.headers();
        Optional<Answer> stranger =
                gate.hosts.refusal(headers.getAll(HttpHeaders.HOST), headers.getAll("Origin"), reached.get());
        if (stranger.isPresent()) {
            refuse(request, Caller.unknown(from.get().getHostAddress()), stranger.get(), Duration.ZERO);
            return;
        }
        Entrance.Verdict verdict = gate.entrance.judge(
                from.get(), headers.getAll(HttpHeaders.AUTHORIZATION), site.at(String.valueOf(request.path())));
        if (verdict instanceof Entrance.Verdict.Refused refused) {
            refuse(request, refused.caller(), refused.answer(), refused.after());
        } else if (verdict instanceof Entrance.Verdict.Welcome welcome) {
            take(request, welcome.caller());
        }
    }

    private static Optional<InetAddress> address(@Nullable SocketAddress side) {
        String host = side == null ? null : side.hostAddress();
        try {
            return host == null ? Optional.empty() : Optional.of(InetAddress.getByName(host));
        } catch (UnknownHostException noAddress) {
            return Optional.empty();
        }
    }

    private void take(HttpServerRequest request, Caller caller) {
        Optional<Answer> refusal = refusal(request);
        if (refusal.isPresent()) {
            refuse(request, caller, refusal.get(), Duration.ZERO);
            return;
        }
        Resource resource = site.at(request.path()).orElseThrow();
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() + part.length() > limits.body()) {
                // what else comes of it is not refused again
                request.handler(more -> {});
                refuse(request, caller, tooLarge(), Duration.ZERO);
            } else {
                body.appendBuffer(part);
            }
        });
        request.endHandler(whole -> {
            if (!request.response().ended()) {
                connections.busy(request.connection());
                answer(request, resource, caller, body);
            }
        });
        request.exceptionHandler(broken -> LOG.debug("a request ended before it was whole", broken));
    }

    /** A request that is no HTTP, or whose head is too large. */
    void malformed(HttpServerRequest request) {
        connections.asked(request.connection());
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        send(request, Answer.error(400, "this is no HTTP request, or its head is larger than 8 KiB"))
                .onComplete(sent -> request.connection().close());
    }

    private Optional<Answer> refusal(HttpServerRequest request) {
        MultiMap headers = request.headers();
        String path = request.path();
        Resource resource = path == null ? null : site.at(path).orElse(null);
        if (resource == null || !request.uri().startsWith("/")) {
            return Optional.of(Answer.error(404, "there is nothing here"));
        }
        if (!resource.verb().allows(request.method().name())) {
            return Optional.of(Answer.error(405, "expected " + resource.verb().allowed())
                    .with("Allow", resource.verb().allowed()));
        }
        if (resource.verb() == Resource.Verb.CHANGE && !HostCheck.isJson(text(headers, "Content-Type"))) {
            return Optional.of(Answer.error(415, "expected Content-Type: application/json"));
        }
        return announced(headers) > limits.body() ? Optional.of(tooLarge()) : Optional.empty();
    }

    private Answer tooLarge() {
        return Answer.error(413, "the body is larger than " + limits.body() + " bytes");
    }

    private static long announced(MultiMap headers) {
        try {
            return Long.parseLong(text(headers, "Content-Length"));
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    private static String text(MultiMap headers, String name) {
        String value = headers.get(name);
        return value == null ? "" : value;
    }

    private void answer(HttpServerRequest request, Resource resource, Caller caller, Buffer body) {
        Optional<Map<String, String>> query = query(request);
        if (query.isEmpty()) {
            refuse(request, caller, Answer.error(400, "the parameters of the path cannot be read"), Duration.ZERO);
            return;
        }
        Call call = new Call(
                request.path(), query.get(), text(request.headers(), "Accept"), body.toString(StandardCharsets.UTF_8));
        if (resource.where() == Resource.Where.AT_ONCE) {
            send(request, answer(resource, call));
            return;
        }
        Context loop = vertx.getOrCreateContext();
        boolean isTaken = workers.run(resource.where() == Resource.Where.CHANGER, () -> {
            Answer given = resource.verb() == Resource.Verb.CHANGE
                    ? gate.audit.change(caller, call.path(), call.body(), () -> answer(resource, call))
                    : answer(resource, call);
            loop.runOnContext(back -> send(request, given));
        });
        if (!isTaken) {
            send(request, Answer.error(503, "too many requests wait here, or the gateway is stopping"));
        }
    }

    /** Empty when something in it is no percent-encoding. */
    private static Optional<Map<String, String>> query(HttpServerRequest request) {
        Map<String, String> query = new LinkedHashMap<>();
        try {
            request.params().forEach(query::put);
            return Optional.of(query);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** What went wrong inside is for the log; the caller learns only that something did. */
    private static Answer answer(Resource resource, Call call) {
        try {
            return resource.work().answer(call);
        } catch (Refusal refused) {
            return refused.answer();
        } catch (RuntimeException bug) {
            LOG.atError().addKeyValue("path", call.path()).setCause(bug).log("an admin request failed");
            return Answer.error(500, "this failed inside the gateway, whose log says why");
        }
    }

    /** What still comes of the request is thrown away, until it ends or the deadline does. */
    private void refuse(HttpServerRequest request, Caller caller, Answer answer, Duration after) {
        String path = String.valueOf(request.path());
        boolean isChange = request.method().name().equals("POST")
                && site.at(path)
                        .filter(resource -> resource.verb() == Resource.Verb.CHANGE)
                        .isPresent();
        if (isChange && answer.status() != 429) {
            workers.run(true, () -> gate.audit.refused(caller, path, answer));
        }
        if (after.isZero()) {
            send(request, answer);
        } else {
            vertx.setTimer(after.toMillis(), later -> send(request, answer));
        }
    }

    private Future<Void> send(HttpServerRequest request, Answer answer) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended()) {
            return Future.succeededFuture();
        }
        Buffer body = Buffer.buffer(answer.body());
        answer.headers().forEach(response::putHeader);
        response.setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Content-Type-Options", "nosniff");
        connections.answering(request.connection());
        Future<Void> sent = request.method().name().equals("HEAD") ? response.end() : response.end(body);
        return sent.onComplete(done -> connections.answered(request.connection()));
    }
}

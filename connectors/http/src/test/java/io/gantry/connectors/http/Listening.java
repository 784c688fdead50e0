// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.DeviceSide;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.Sink;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.ListenAddress;
import io.gantry.api.settings.Secret;
import io.gantry.routes.Routes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Routes with one HTTP endpoint called {@code web} that listens on a free port, and devices that keep what they get. */
final class Listening implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);
    static final Limits LIMITS = new Limits(
            ByteSize.fromText("256KiB"),
            ByteSize.fromText("32KiB"),
            1_000,
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5));

    private static final MessageId.Sequence IDS = new MessageId.Sequence(1, 1);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final List<Message> messages = new CopyOnWriteArrayList<>();
    final List<Message> published = new CopyOnWriteArrayList<>();
    final Map<TopicName, Message> retained = new ConcurrentHashMap<>();
    final Routes routes;

    /** What the next station answers; by default it takes everything. */
    volatile Function<Message, Delivery> outcome = message -> Delivery.accepted();

    Listening(HttpListen listen) {
        this(listen, "gateway1");
    }

    Listening(HttpListen listen, String gateway) {
        this(endpoint(listen), gateway);
    }

    Listening(HttpEndpointSettings settings, String gateway) {
        routes = Routes.create(IDS, (endpoint, state, detail) -> {}, new Guests(), gateway);
        routes.open("web", new HttpConnector(), settings);
    }

    /** What a test may want to be smaller. */
    record Limits(ByteSize body, ByteSize headers, int connections, Duration idle, Duration request, Duration answer) {

        Limits body(String size) {
            return new Limits(ByteSize.fromText(size), headers, connections, idle, request, answer);
        }

        Limits connections(int most) {
            return new Limits(body, headers, most, idle, request, answer);
        }

        Limits patience(Duration idle, Duration request, Duration answer) {
            return new Limits(body, headers, connections, idle, request, answer);
        }
    }

    private final class Guests implements DeviceSide {
        @Override
        public Sink publisher() {
            return (message, acknowledgement) -> {
                published.add(message);
                acknowledgement.complete(outcome.apply(message));
            };
        }

        @Override
        public Sink subscribers() {
            return publisher();
        }

        @Override
        public @Nullable Message retained(TopicName topic) {
            return retained.get(topic);
        }

        @Override
        public Subscription watch(TopicFilter filter, Sink watcher) {
            throw new AssertionError("nobody watches");
        }
    }

    static HttpEndpointSettings endpoint(HttpListen listen) {
        Settings.EndpointDraft draft = new Settings.EndpointDraft(null);
        draft.listen = listen;
        return draft.settings();
    }

    static HttpListen plain() {
        return with(LIMITS);
    }

    static HttpListen with(Limits limits) {
        return listen("127.0.0.1:0", null, null, null, false, null, limits);
    }

    static HttpListen devices() {
        return listen("127.0.0.1:0", null, null, null, false, "/topics", LIMITS);
    }

    static HttpListen listen(
            String address,
            @Nullable String username,
            @Nullable String password,
            @Nullable String token,
            boolean anonymous,
            @Nullable String topics,
            Limits limits) {
        return new HttpListen(
                ListenAddress.fromText(address),
                null,
                username,
                password == null ? null : new Secret(password),
                token == null ? null : new Secret(token),
                false,
                anonymous,
                topics == null ? null : FixedPath.fromText(topics),
                limits.body,
                limits.headers,
                limits.connections,
                limits.idle,
                limits.request,
                limits.answer);
    }

    /** The same by https. */
    static HttpListen encrypted(HttpListen listen, ServerTlsSettings tls) {
        return new HttpListen(
                listen.address(),
                tls,
                listen.username(),
                listen.password(),
                listen.token(),
                listen.security(),
                listen.anonymous(),
                listen.topics(),
                listen.maxBody(),
                listen.maxHeaders(),
                listen.maxConnections(),
                listen.idleTimeout(),
                listen.requestTimeout(),
                listen.answerTimeout());
    }

    static HttpFrom from(String path) {
        return from(HttpFrom.Method.POST, path, false);
    }

    static HttpFrom from(HttpFrom.Method method, String path, boolean reply) {
        return new HttpFrom(PathPattern.fromText(path), method, reply, Duration.ofSeconds(30), false, Map.of());
    }

    static HttpFrom believing(String path, Map<String, String> userProperties) {
        return new HttpFrom(
                PathPattern.fromText(path), HttpFrom.Method.POST, false, Duration.ofSeconds(30), true, userProperties);
    }

    /** A route whose messages the devices get. */
    Listening route(HttpFrom from) {
        return route(from, (message, acknowledgement) -> {
            messages.add(message);
            acknowledgement.complete(outcome.apply(message));
        });
    }

    Listening route(HttpFrom from, Sink next) {
        routes.from("r" + from.path().hashCode() + from.method(), "web", from, next);
        return this;
    }

    Listening start() {
        routes.start();
        routes.startSources();
        return this;
    }

    int port() {
        String address = routes.address("web");
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    HttpRequest.Builder to(String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + target))
                .timeout(PATIENCE);
    }

    HttpResponse<String> post(String target, String body, String... headers) throws Exception {
        HttpRequest.Builder request = to(target).POST(BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    /** All that comes until the server closes; each character of the request is a byte. */
    String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return read(socket);
        }
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    static String read(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (int octet = socket.getInputStream().read();
                    octet >= 0;
                    octet = socket.getInputStream().read()) {
                text.append((char) octet);
            }
        } catch (SocketException reset) {
            text.append("");
        }
        return text.toString();
    }

    /** For messages that are answered later. */
    static final class Held implements Sink {
        final List<Acknowledgement> acknowledgements = new CopyOnWriteArrayList<>();

        @Override
        public void offer(Message message, Acknowledgement acknowledgement) {
            acknowledgements.add(acknowledgement);
        }
    }

    @Override
    public void close() {
        routes.stopSources();
        routes.close();
    }
}

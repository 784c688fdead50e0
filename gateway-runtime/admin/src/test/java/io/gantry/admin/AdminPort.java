// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.ListenAddress;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An admin port on a free port, and a client that calls it. */
final class AdminPort implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Neither TLS nor tokens. */
    static final AdminSettings PLAIN = settings(null, Map.of());

    final SmallGateway gateway = new SmallGateway();
    final Path directory;
    private final HttpClient client;
    private final AdminServer server;
    private final String scheme;

    AdminPort() throws IOException, InterruptedException {
        this(PLAIN, AdminLimits.DEFAULT);
    }

    AdminPort(AdminLimits limits) throws IOException, InterruptedException {
        this(PLAIN, limits);
    }

    AdminPort(AdminSettings settings) throws IOException, InterruptedException {
        this(settings, AdminLimits.DEFAULT);
    }

    private AdminPort(AdminSettings settings, AdminLimits limits) throws IOException, InterruptedException {
        this(settings, limits, HttpClient.newBuilder());
    }

    /** One whose certificate the caller knows. */
    AdminPort(AdminSettings settings, SSLContext trust) throws IOException, InterruptedException {
        this(settings, AdminLimits.DEFAULT, HttpClient.newBuilder().sslContext(trust));
    }

    private AdminPort(AdminSettings settings, AdminLimits limits, HttpClient.Builder client)
            throws IOException, InterruptedException {
        this.directory = Files.createTempDirectory("gantry-admin");
        this.client = client.version(HttpClient.Version.HTTP_1_1).build();
        this.scheme = settings.tls() == null ? "http" : "https";
        this.server = AdminServer.start(settings, directory, gateway, limits);
    }

    static AdminSettings settings(@Nullable ServerTlsSettings tls, Map<String, TokenSettings> tokens) {
        return new AdminSettings(
                true,
                new ListenAddress("127.0.0.1", 0),
                tls,
                tokens,
                List.of(),
                new AuditSettings(null, ByteSize.fromText("10MiB"), 5));
    }

    URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + port());
    }

    /** The lines of the audit file, without those that are under way. */
    List<JsonObject> audited() throws IOException {
        return Files.readAllLines(directory.resolve("audit.jsonl")).stream()
                .filter(line -> line.endsWith("}"))
                .map(JsonObject::new)
                .toList();
    }

    int port() {
        return server.address().getPort();
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    JsonObject json(String path) throws IOException, InterruptedException {
        return new JsonObject(get(path).body());
    }

    /** A change as it should be asked for. */
    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, body, "Content-Type", "application/json");
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri().resolve(path))
                .timeout(PATIENCE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        server.close();
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(directory);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.settings.ListenAddress;
import io.gantry.api.settings.Secret;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Asks a running gateway through its admin port. Blocks; one thread. */
public final class AdminClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration READ_TIMEOUT = Duration.ofMinutes(1);

    /** A million dead letters are put back in less. */
    private static final Duration CHANGE_TIMEOUT = Duration.ofHours(1);

    private static final int MAX_ANSWER = 16 << 20;

    private final URI gateway;
    private final @Nullable Secret token;
    private final HttpClient http;

    /**
     * Which dead letters are meant.
     *
     * @param from given up then or later, as ISO 8601; so is {@code to}, which is not included
     */
    public record Selection(
            @Nullable String route,
            @Nullable String id,
            @Nullable String from,
            @Nullable String to) {

        /** Whether nothing is said, which means all. */
        public boolean isEmpty() {
            return values().isEmpty();
        }

        private Map<String, String> values() {
            Map<String, String> values = new LinkedHashMap<>();
            put(values, "route", route);
            put(values, "id", id);
            put(values, "from", from);
            put(values, "to", to);
            return values;
        }

        private static void put(Map<String, String> values, String name, @Nullable String value) {
            if (value != null) {
                values.put(name, value);
            }
        }
    }

    /**
     * A page of dead letters.
     *
     * @param next what to go on after; empty when this was the last page
     */
    public record Page(List<DeadLetterSummary> letters, Optional<Long> next) {
        public Page {
            letters = List.copyOf(letters);
        }
    }

    /**
     * What was, or would be, done.
     *
     * @param left how many of the selected are left as they were, by the reason
     */
    public record Done(long done, Map<String, Long> left) {}

    /**
     * A client without a token, as a gateway on this machine may let in; nothing is sent yet.
     *
     * @param gateway such as {@code http://127.0.0.1:8080}
     */
    public AdminClient(URI gateway) {
        this(gateway, null, null);
    }

    /**
     * A client; nothing is sent yet.
     *
     * @param gateway such as {@code https://gantry.example:8443}
     * @param token what it shows; null for none
     * @param trust whom it takes for the gateway, with https; null for whom Java trusts
     * @throws IllegalArgumentException when the token would be sent to another machine without TLS
     */
    public AdminClient(URI gateway, @Nullable Secret token, @Nullable SSLContext trust) {
        if (token != null && !"https".equals(gateway.getScheme()) && !isThisMachine(gateway)) {
            throw new IllegalArgumentException("a token is sent to another machine only by https://, was " + gateway);
        }
        this.gateway = gateway;
        this.token = token;
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(CONNECT_TIMEOUT);
        this.http = (trust == null ? client : client.sslContext(trust)).build();
    }

    private static boolean isThisMachine(URI gateway) {
        String host = String.valueOf(gateway.getHost());
        return ListenAddress.isLoopback(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    }

    /** How it goes with the gateway. */
    public GatewayStatus status() throws AdminException {
        return read(get("/api/v1/status"), GatewayStatus::from);
    }

    /** The same as the gateway says it, indented. */
    public String statusText() throws AdminException {
        return get("/api/v1/status").encodePrettily();
    }

    /**
     * Dead letters, oldest first.
     *
     * @param after the number of the last one seen; 0 for the first page
     * @param limit 1 to 1,000
     */
    public Page deadLetters(Selection selection, long after, int limit) throws AdminException {
        Map<String, String> query = selection.values();
        query.put("after", Long.toString(after));
        query.put("limit", Integer.toString(limit));
        String text = query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return read(
                get("/api/v1/dead-letters?" + text),
                page -> new Page(
                        GatewayStatus.objects(page.getJsonArray("deadLetters")).stream()
                                .map(DeadLetterSummary::from)
                                .toList(),
                        Optional.ofNullable(page.getLong("next"))));
    }

    /** One dead letter with everything. */
    public DeadLetterContent deadLetter(long number) throws AdminException {
        return read(get("/api/v1/dead-letters/" + number), DeadLetterContent::from);
    }

    /** Has dead letters put back into the outboxes of their routes; an empty selection means all. */
    public Done replay(Selection selection, boolean dryRun) throws AdminException {
        return change("replay", selection, dryRun);
    }

    /** Has dead letters deleted for good; an empty selection means all. */
    public Done drop(Selection selection, boolean dryRun) throws AdminException {
        return change("drop", selection, dryRun);
    }

    /** The devices that are not let in, the latest ban first. */
    public List<Bans.Ban> bans() throws AdminException {
        return read(get("/api/v1/bans"), answer -> GatewayStatus.objects(answer.getJsonArray("bans")).stream()
                .map(Bans.Ban::from)
                .toList());
    }

    /**
     * Bans a device.
     *
     * @param atMost how long; null for until the ban is removed
     */
    public void ban(Bans.Kind kind, String value, @Nullable Duration atMost) throws AdminException {
        JsonObject body = new JsonObject().put(kind.key(), value);
        read(
                post("/api/v1/bans/add", atMost == null ? body : body.put("seconds", atMost.toSeconds())),
                answer -> answer.getBoolean("added"));
    }

    /** Ends a ban; false when there was none. */
    public boolean unban(Bans.Kind kind, String value) throws AdminException {
        return read(
                post("/api/v1/bans/remove", new JsonObject().put(kind.key(), value)),
                answer -> answer.getBoolean("removed"));
    }

    private Done change(String what, Selection selection, boolean dryRun) throws AdminException {
        JsonObject body = new JsonObject().put("dryRun", dryRun);
        selection.values().forEach(body::put);
        if (selection.isEmpty()) {
            body.put("all", true);
        }
        return read(post("/api/v1/dead-letters/" + what, body), report -> {
            Map<String, Long> left = new LinkedHashMap<>();
            JsonObject reasons = report.getJsonObject("left");
            reasons.fieldNames().forEach(reason -> left.put(reason, reasons.getLong(reason)));
            return new Done(report.getLong("done"), left);
        });
    }

    private JsonObject post(String path, JsonObject body) throws AdminException {
        return send(request(path, CHANGE_TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode())));
    }

    /** Whatever is not there, or is something else, was not written by a gateway. */
    private <T> T read(JsonObject answer, Function<JsonObject, T> reading) throws AdminException {
        try {
            return reading.apply(answer);
        } catch (NullPointerException | ClassCastException | DateTimeException notOurs) {
            throw stranger();
        }
    }

    private JsonObject get(String path) throws AdminException {
        return send(request(path, READ_TIMEOUT).GET());
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(gateway.resolve(path)).timeout(timeout);
        return token == null ? request : request.header("Authorization", "Bearer " + token.reveal());
    }

    private JsonObject send(HttpRequest.Builder request) throws AdminException {
        try {
            HttpResponse<InputStream> answer = http.send(request.build(), BodyHandlers.ofInputStream());
            JsonObject body = body(answer);
            if (answer.statusCode() == 401) {
                throw new AdminException("the gateway at " + gateway + " refused: " + body.getString("error")
                        + " (--token-file FILE or GANTRY_ADMIN_TOKEN give one)");
            }
            if (answer.statusCode() != 200) {
                throw new AdminException("the gateway at " + gateway + " refused: " + body.getString("error"));
            }
            return body;
        } catch (ConnectException nobody) {
            throw new AdminException("no gateway answers at " + gateway
                    + ": does it run, and is that its admin.listen? (-c FILE or --admin URL say which)");
        } catch (HttpTimeoutException late) {
            throw new AdminException("the gateway at " + gateway + " took too long to answer");
        } catch (SSLException notTrusted) {
            throw new AdminException("the gateway at " + gateway + " is not trusted, or speaks no TLS: "
                    + notTrusted.getMessage() + " (--ca-file FILE names its authority)");
        } catch (IOException broken) {
            throw new AdminException("the connection to " + gateway + " broke: " + broken.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AdminException("interrupted while waiting for " + gateway);
        }
    }

    private JsonObject body(HttpResponse<InputStream> answer) throws IOException, AdminException {
        try (InputStream in = answer.body()) {
            byte[] bytes = in.readNBytes(MAX_ANSWER + 1);
            if (bytes.length > MAX_ANSWER) {
                throw new AdminException("the answer of " + gateway + " is larger than 16 MiB");
            }
            JsonObject body = new JsonObject(new String(bytes, StandardCharsets.UTF_8));
            if (answer.statusCode() == 200 || body.containsKey("error")) {
                return body;
            }
        } catch (DecodeException | ClassCastException notOurs) {
            throw stranger();
        }
        throw stranger();
    }

    private AdminException stranger() {
        return new AdminException("something answers at " + gateway + ", but it is no admin port of Gantry");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.AdminServer;
import io.gantry.admin.AdminSettings;
import io.gantry.admin.Administration;
import io.gantry.admin.AuditSettings;
import io.gantry.admin.Bans;
import io.gantry.admin.EndpointStatus;
import io.gantry.admin.TokenSettings;
import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.ListenAddress;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.StoreHealth;
import io.gantry.delivery.DeadLetterSelection;
import io.gantry.delivery.DeadLetters;
import io.gantry.delivery.Histogram;
import io.gantry.delivery.Ledger;
import io.gantry.mqtt.BanList;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A gateway that has nothing but what its admin port shows; the port is real. */
final class ShownGateway implements Administration, DeadLetters, AutoCloseable {
    private static final Histogram.Snapshot NOTHING = new Histogram.Snapshot(List.of(1.0), List.of(0L, 0L), 0);

    final List<Ledger.Snapshot> ledgers = Collections.synchronizedList(new ArrayList<>());
    final List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
    final List<String> changes = Collections.synchronizedList(new ArrayList<>());
    final Bans bans = new DeviceBans(new BanList(Clock.systemUTC()));
    volatile boolean started = true;
    private final AdminServer server;

    /** Without TLS and tokens. */
    ShownGateway(Path directory) throws IOException, InterruptedException {
        this(directory, null, Map.of());
    }

    ShownGateway(Path directory, @Nullable ServerTlsSettings tls, Map<String, TokenSettings> tokens)
            throws IOException, InterruptedException {
        ListenAddress free = new ListenAddress("127.0.0.1", 0);
        AuditSettings audit = new AuditSettings(null, ByteSize.fromText("10MiB"), 5);
        server = AdminServer.start(new AdminSettings(true, free, tls, tokens, List.of(), audit), directory, this);
    }

    int port() {
        return server.address().getPort();
    }

    /** 10 accepted: 3 delivered, 2 dead letters, 1 expired, 2 dropped, 2 waiting. */
    void ledger(String route, Ledger.State state, @Nullable String error) {
        ledgers.add(new Ledger.Snapshot(
                route,
                "plant",
                10,
                3,
                2,
                1,
                Map.of(Ledger.DropReason.FULL_OLDEST, 2L),
                4,
                5,
                6,
                2,
                200,
                3_661_000,
                NOTHING,
                NOTHING,
                state,
                error));
    }

    void letter(String clientId, String topic, Payload payload, String error) {
        long number = letters.size() + 1L;
        MessageProperties properties = new MessageProperties(
                null, null, "text/plain", null, null, List.of(new UserProperty("line\u001b", "7\u202e")));
        letters.add(new DeadLetter(
                number,
                "telemetry",
                new Message(
                        new MessageId(36, number),
                        new TopicName(topic),
                        payload,
                        Qos.AT_LEAST_ONCE,
                        false,
                        properties,
                        new Origin.Device(new ClientId(clientId), null),
                        0),
                3,
                error,
                60_000));
    }

    @Override
    public String version() {
        return "1.2.3";
    }

    @Override
    public boolean started() {
        return started;
    }

    @Override
    public StoreHealth storeHealth() {
        return new StoreHealth.Ready();
    }

    @Override
    public List<EndpointStatus> endpoints() {
        return List.of(
                new EndpointStatus("plant", true, "", Map.of("answered-nobody", 0L)),
                new EndpointStatus("erp", false, "refused\u001b[31m", Map.of("refused", 2L)));
    }

    @Override
    public List<Ledger.Snapshot> ledgers() {
        return List.copyOf(ledgers);
    }

    @Override
    public DeadLetters deadLetters() {
        return this;
    }

    @Override
    public Bans bans() {
        return bans;
    }

    @Override
    public int connections() {
        return 5;
    }

    @Override
    public Map<String, Map<String, Long>> routeCounters() {
        Map<String, Long> down = new LinkedHashMap<>();
        down.put("received", 9L);
        down.put("rejected", 0L);
        down.put("looped", 2L);
        return Map.of("orders.down", down);
    }

    @Override
    public long lateAnswers() {
        return 0;
    }

    @Override
    public Map<String, Integer> overload() {
        return Map.of();
    }

    @Override
    public Map<String, Long> mqttCounters() {
        return Map.of();
    }

    @Override
    public Map<String, Long> securityCounters() {
        return Map.of();
    }

    @Override
    public Map<String, Instant> certificateExpiries() {
        return Map.of();
    }

    @Override
    public List<DeadLetter> list(DeadLetterSelection selection, long after, int most) {
        changes.add("list " + selection);
        return letters.stream()
                .filter(letter -> letter.number() > after)
                .limit(most)
                .toList();
    }

    @Override
    public Report replay(DeadLetterSelection selection, boolean dryRun) {
        changes.add("replay " + selection + (dryRun ? " dry" : ""));
        return new Report(4, Map.of("its route is gone", 1L));
    }

    @Override
    public Report drop(DeadLetterSelection selection, boolean dryRun) {
        changes.add("drop " + selection + (dryRun ? " dry" : ""));
        return new Report(5, Map.of());
    }

    @Override
    public long messages() {
        return letters.size();
    }

    @Override
    public long bytes() {
        return 99;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        server.close();
    }
}

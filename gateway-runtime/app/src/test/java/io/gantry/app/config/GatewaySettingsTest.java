// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.admin.AdminSettings;
import io.gantry.admin.AuditSettings;
import io.gantry.api.Qos;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.ListenAddress;
import io.gantry.api.settings.Secret;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.delivery.AckPoint;
import io.gantry.delivery.BufferSettings;
import io.gantry.delivery.DeadLetterSettings;
import io.gantry.delivery.DeliverySettings;
import io.gantry.delivery.OrderKey;
import io.gantry.delivery.RetrySettings;
import io.gantry.delivery.WhenFull;
import io.gantry.mqtt.ClientIdCharacters;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.ListenerSettings;
import io.gantry.mqtt.ListenerUrl;
import io.gantry.mqtt.OverloadSettings;
import io.gantry.mqtt.Percent;
import io.gantry.mqtt.QueuePolicy;
import io.gantry.routes.FromDevices;
import io.gantry.routes.ToDevices;
import io.gantry.security.SecuritySettings;
import io.gantry.store.Durability;
import io.gantry.store.StoreSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A configuration file")
class GatewaySettingsTest {
    private static final LimitSettings DEFAULT_LIMITS = new LimitSettings(
            1_000,
            100,
            1_000,
            ByteSize.fromText("4MiB"),
            Duration.ofDays(7),
            Duration.ofHours(1),
            256,
            1_024,
            32,
            1_000,
            32,
            10,
            100_000,
            ByteSize.fromText("64MiB"),
            ByteSize.fromText("8KiB"),
            50_000,
            1_000_000,
            30,
            Duration.ofMinutes(10),
            QueuePolicy.REJECT_NEW,
            1_000_000,
            ByteSize.fromText("64MiB"),
            ClientIdCharacters.ANY,
            Qos.EXACTLY_ONCE,
            8,
            Duration.ofMinutes(5),
            10,
            Duration.ofMinutes(10),
            50,
            Duration.ofMinutes(5),
            new OverloadSettings(new Percent(85), new Percent(85), Duration.ofSeconds(1)));

    private static final String ALL_LIMITS = """
            listeners: mqtt://127.0.0.1
            limits:
              receive-maximum: 1
              max-inflight: 2
              max-queued-messages: 3
              max-queued-bytes: 4
              max-session-expiry: 5m
              max-keep-alive: 6s
              max-client-id-length: 70
              max-topic-length: 8
              max-topic-levels: 9
              max-subscriptions: 10
              max-user-properties: 11
              max-topic-aliases: 12
              max-retained-messages: 13
              max-retained-bytes: 14
              max-property-bytes: 15
              max-publish-rate: 16
              max-connects-per-minute: 17
              max-connect-ban: 18s
              when-queue-full: drop-oldest
              max-all-subscriptions: 19
              max-topic-alias-bytes: 20
              client-id-characters: no-wildcards
              max-qos: 1
              max-authentication-rounds: 21
              max-acknowledge-time: 22s
              max-failed-logins: 23
              failed-login-ban: 24s
              max-publish-rate-per-address: 25
              max-flaps-per-minute: 28
              flapping-ban: 29s
              overload: {heap: 26%, direct-memory: 0%, loop-lag: 27ms}
            """;

    @Test
    @DisplayName("needs nothing but a listener, and has these defaults")
    void defaults() throws InvalidConfigException {
        GatewaySettings settings = read("listeners: [mqtt://127.0.0.1]");

        assertThat(settings)
                .isEqualTo(new GatewaySettings(
                        List.of(new ListenerSettings(
                                new ListenerUrl("127.0.0.1", 1883),
                                null,
                                ByteSize.fromText("256KiB"),
                                Duration.ofSeconds(10),
                                100_000,
                                1_000,
                                List.of(),
                                Duration.ofMinutes(1),
                                2_000,
                                1_000,
                                false,
                                List.of())),
                        DEFAULT_LIMITS,
                        SecuritySettings.NONE,
                        new StoreSettings("gantry-data", Durability.FSYNC),
                        Map.of(),
                        Map.of(),
                        new DeadLetterSettings(1_000_000, ByteSize.fromText("1GiB")),
                        new AdminSettings(
                                true,
                                ListenAddress.fromText("127.0.0.1:8080"),
                                null,
                                Map.of(),
                                List.of(),
                                new AuditSettings(null, ByteSize.fromText("10MiB"), 5)),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10)));
    }

    @Test
    @DisplayName("has these keys for limits")
    void limitKeys() throws InvalidConfigException {
        GatewaySettings settings = read(ALL_LIMITS);

        Duration sessionExpiry = Duration.ofMinutes(5);
        Duration keepAlive = Duration.ofSeconds(6);
        assertThat(settings.limits())
                .isEqualTo(new LimitSettings(
                        1,
                        2,
                        3,
                        new ByteSize(4),
                        sessionExpiry,
                        keepAlive,
                        70,
                        8,
                        9,
                        10,
                        11,
                        12,
                        13,
                        new ByteSize(14),
                        new ByteSize(15),
                        16,
                        25,
                        17,
                        Duration.ofSeconds(18),
                        QueuePolicy.DROP_OLDEST,
                        19,
                        new ByteSize(20),
                        ClientIdCharacters.NO_WILDCARDS,
                        Qos.AT_LEAST_ONCE,
                        21,
                        Duration.ofSeconds(22),
                        23,
                        Duration.ofSeconds(24),
                        28,
                        Duration.ofSeconds(29),
                        new OverloadSettings(new Percent(26), new Percent(0), Duration.ofMillis(27))));
    }

    @Test
    @DisplayName("has endpoints, whose keys are their connector's")
    void endpoints() throws InvalidConfigException {
        GatewaySettings settings = read("""
                listeners: mqtt://127.0.0.1
                endpoints:
                  long:
                    shelf:
                      rooms: [hall, cellar]
                      password: open sesame
                      height: 3
                      size: 2KiB
                      reach: 7d
                      share: 0.25
                      door: true
                      things: 6000000000
                      paint: white
                """);

        Shelf.Place everything = new Shelf.Place(
                List.of("hall", "cellar"),
                new Secret("open sesame"),
                3,
                new ByteSize(2048),
                Duration.ofDays(7),
                0.25,
                true,
                6_000_000_000L,
                Shelf.Paint.WHITE);
        assertThat(settings.endpoints().get("long")).isEqualTo(new EndpointEntry(new Shelf("shelf"), everything));
    }

    @Test
    @DisplayName("may have one value in place of a record with one required key")
    void shortForm() throws InvalidConfigException {
        GatewaySettings settings = read("listeners: mqtt://127.0.0.1\nendpoints: {short: {shelf: hall}}");

        Shelf.Place place = new Shelf.Place(
                List.of("hall"),
                null,
                10,
                new ByteSize(1024),
                Duration.ofSeconds(5),
                0.5,
                false,
                5_000_000_000L,
                Shelf.Paint.DARK_GREEN);
        assertThat(settings.endpoints().get("short")).isEqualTo(new EndpointEntry(new Shelf("shelf"), place));
    }

    @Test
    @DisplayName("has routes in its own order, with short and long forms of their sides")
    void routes() throws InvalidConfigException {
        GatewaySettings settings = read("""
                listeners: mqtt://127.0.0.1
                endpoints: {plant: {shelf: hall}}
                routes:
                  up:
                    from: {mqtt: "a/{x}"}
                    to:
                      - plant: one
                      - plant: {box: "two-{x}", label: "{client}", tags: {t: "{user.y}"}}
                  down:
                    from: {plant: {box: b}}
                    to: {mqtt: {topic: "c/{key}", qos: 2, retain: true, expiry: 1h}}
                """);

        assertThat(settings.routes().keySet()).containsExactly("up", "down");
        RouteEntry up = route(settings, "up");
        assertThat(up.from().isDevices()).isTrue();
        assertThat(up.from().settings()).isInstanceOf(FromDevices.class).hasToString("FromDevices[filter=a/{x}]");
        assertThat(up.to()).extracting(RouteTo::endpoint).containsExactly("plant", "plant");
        assertThat(up.to().get(1).settings()).hasToString("To[box=two-{x}, label={client}, tags={t={user.y}}]");
        RouteEntry down = route(settings, "down");
        assertThat(down.to().get(0).settings())
                .isInstanceOf(ToDevices.class)
                .hasToString("ToDevices[topic=c/{key}, qos=2, retain=true, expiry=PT1H, answerTopic=null]");
    }

    @Test
    @DisplayName("delivers by these defaults")
    void deliveryDefaults() throws InvalidConfigException {
        DeliverySettings delivery = delivery("{}");

        assertThat(delivery)
                .isEqualTo(new DeliverySettings(
                        AckPoint.STORED,
                        OrderKey.DEVICE,
                        16,
                        new BufferSettings(ByteSize.fromText("10GiB"), Duration.ofDays(7), WhenFull.REFUSE),
                        new RetrySettings(
                                Duration.ofMillis(200),
                                Duration.ofSeconds(30),
                                0.2,
                                5,
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(2)),
                        null,
                        100_000,
                        ByteSize.fromText("64MiB")));
    }

    @Test
    @DisplayName("delivers as a route says")
    void delivery() throws InvalidConfigException {
        DeliverySettings delivery = delivery("""
                {ack: delivered, order: topic, parallel: 17,
                 buffer: {max-bytes: 1MiB, max-age: 1h, when-full: drop-oldest},
                 retry: {initial: 1s, max: 2s, jitter: 0.3, breaker: 4, parked: 5s, timeout: 6s},
                 give-up-after: 10m, max-in-flight: 5, max-in-flight-bytes: 1KiB}
                """);

        assertThat(delivery)
                .isEqualTo(new DeliverySettings(
                        AckPoint.DELIVERED,
                        OrderKey.TOPIC,
                        17,
                        new BufferSettings(new ByteSize(1 << 20), Duration.ofHours(1), WhenFull.DROP_OLDEST),
                        new RetrySettings(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                0.3,
                                4,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(6)),
                        Duration.ofMinutes(10),
                        5,
                        new ByteSize(1024)));
    }

    private DeliverySettings delivery(String yaml) throws InvalidConfigException {
        GatewaySettings settings = read("""
                listeners: mqtt://127.0.0.1
                endpoints: {plant: {shelf: hall}}
                routes:
                  up: {from: {mqtt: "a/{x}"}, to: {plant: one}, delivery: %s}
                """.formatted(yaml.strip().replace("\n", "\n    ")));
        return route(settings, "up").delivery();
    }

    @Test
    @DisplayName("may leave out what stands below a key")
    void emptySections() throws InvalidConfigException {
        GatewaySettings settings = read("listeners: mqtt://127.0.0.1\nlimits:\nendpoints:\nroutes:\n");

        assertThat(settings.limits()).isEqualTo(DEFAULT_LIMITS);
        assertThat(settings.routes()).isEmpty();
    }

    @Test
    @DisplayName("may share parts by anchors")
    void anchors() throws InvalidConfigException {
        GatewaySettings settings = read("""
                listeners: mqtt://127.0.0.1
                endpoints: {one: &shelf {shelf: hall}, two: *shelf}
                """);

        assertThat(settings.endpoints().get("two"))
                .isEqualTo(settings.endpoints().get("one"));
    }

    private static GatewaySettings read(String yaml) throws InvalidConfigException {
        return new ConfigFile(List.of(new Shelf("shelf")), Map.<String, String>of()::get).read("g.yaml", yaml);
    }

    private static RouteEntry route(GatewaySettings settings, String name) {
        return Optional.ofNullable(settings.routes().get(name)).orElseThrow();
    }
}

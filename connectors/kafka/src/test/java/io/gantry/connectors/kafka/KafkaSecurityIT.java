// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.Harness.deliver;
import static io.gantry.connectors.kafka.Harness.deliverAccepted;
import static io.gantry.connectors.kafka.Harness.message;
import static io.gantry.connectors.kafka.Harness.soon;
import static io.gantry.testbed.KafkaRecords.record;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.gantry.api.Delivery;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.api.TopicPattern;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.kafka.SaslSettings.Mechanism;
import io.gantry.connectors.spi.EndpointWatcher.State;
import io.gantry.connectors.spi.TlsSettings;
import io.gantry.testbed.KafkaServer;
import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

@DisplayName("A Kafka that wants to know who the gateway is, and shows who it is")
@ExtendWith(SharedKafka.class)
class KafkaSecurityIT {
    private static final TopicPattern TELEMETRY = TopicPattern.fromText("sensors/#");
    private static final String NO_CREDENTIALS = "Kafka refuses the gateway's credentials";
    private static final String NO_TRUST = "Kafka and the gateway do not trust each other's certificates";

    private static KafkaServer kafka;

    @BeforeAll
    static void tellTheUsers() throws Exception {
        kafka = SharedKafka.server();
        kafka.createTopic("secured", 1);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            // Kafka refuses two changes of one user at once.
            for (ScramMechanism mechanism : List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)) {
                admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                                SharedKafka.USER, new ScramCredentialInfo(mechanism, 4_096), SharedKafka.PASSWORD)))
                        .all()
                        .get(2, TimeUnit.MINUTES);
            }
        }
    }

    private static TlsSettings trusting(TestCertificates authority) {
        return new TlsSettings(authority.authority().toString(), null, null, null);
    }

    private static TlsSettings trusted() {
        return trusting(SharedKafka.authority());
    }

    private static SaslSettings password(Mechanism mechanism, String password) {
        return new SaslSettings(mechanism, SharedKafka.USER, new Secret(password), null, null, null, null, null);
    }

    private static SaslSettings token(TokenServer server, String secret) {
        return new SaslSettings(
                Mechanism.OAUTHBEARER,
                null,
                null,
                server.url(),
                TokenServer.CLIENT,
                new Secret(secret),
                "kafka write",
                trusted());
    }

    private static Harness harness(String listener, @Nullable TlsSettings tls, @Nullable SaslSettings sasl) {
        return new Harness(Settings.secured(SharedKafka.listener(listener), tls, sasl));
    }

    private static Sink to(Harness harness, String topic) {
        return harness.routes.to(topic, "plant", Settings.to(topic), TELEMETRY).sink();
    }

    private static Delivery offer(Sink sink) {
        return deliver(sink, message("d", "sensors/d", "x"));
    }

    /** That a message waits until somebody mends it, and that the endpoint says why. */
    private static void assertParks(Harness harness, String reason, String detail) {
        Sink sink = to(harness, "secured");
        harness.routes.start();
        soon().untilAsserted(() -> assertThat(offer(sink))
                .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> {
                    assertThat(unavailable.reason()).isEqualTo(reason);
                    assertThat(unavailable.retry()).isEqualTo(Retry.whenMended());
                }));
        soon().until(() -> harness.details.stream().anyMatch(said -> said.contains(detail)));
        assertThat(harness.states).doesNotContain(State.CONNECTED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"PLAIN", "SCRAM_SHA_256", "SCRAM_SHA_512"})
    @DisplayName("is written to and read by whoever has the password, with any characters in it")
    void byPassword(Mechanism mechanism) {
        String topic = "secured-" + mechanism.inKafka();
        kafka.createTopic(topic, 1);
        Devices devices = new Devices();
        try (Harness harness = harness("SECURED", trusted(), password(mechanism, SharedKafka.PASSWORD))) {
            Sink sink = to(harness, topic);
            harness.routes.from("down", "plant", Settings.from(topic, "group-" + topic), devices);
            harness.routes.start();
            harness.routes.startSources();

            deliverAccepted(sink, message("d", "sensors/d", "21.5"));

            soon().until(() -> devices.texts().contains("21.5"));
            devices.acceptAll();
            assertThat(harness.states).contains(State.CONNECTED);
        }
    }

    @Test
    @DisplayName("is written to exactly once, for which the gateway has more clients")
    void exactlyOnce() {
        kafka.createTopic("secured-once", 1);
        try (ExactlyOnceLane lane = new ExactlyOnceLane(
                Settings.secured(
                        SharedKafka.listener("SECURED"),
                        trusted(),
                        password(Mechanism.SCRAM_SHA_512, SharedKafka.PASSWORD)),
                "secured-once")) {
            assertThat(lane.recovered(ExactlyOnceLane.JOURNAL)).isEmpty();

            lane.deliver(0, 10);

            assertThat(lane.recovered(ExactlyOnceLane.JOURNAL)).hasValue(9);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"PLAIN", "SCRAM_SHA_256"})
    @DisplayName(
            "[D6] that refuses the password parks the route with the reason, and the password is in no line of the log")
    void wrongPassword(Mechanism mechanism) {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        root.addAppender(lines);
        try (Harness harness = harness("SECURED", trusted(), password(mechanism, "wrong-canary"))) {
            assertParks(harness, NO_CREDENTIALS, "refuses the credentials");
        } finally {
            root.detachAppender(lines);
        }
        assertThat(List.copyOf(lines.list))
                .isNotEmpty()
                .noneMatch(line -> line.toString().contains("canary")
                        || String.valueOf(line.getKeyValuePairs()).contains("canary"));
    }

    @Test
    @DisplayName("[D6] that does not know the mechanism parks the route with the reason")
    void unknownMechanism() {
        try (Harness harness = harness("SCRAM", trusted(), password(Mechanism.PLAIN, SharedKafka.PASSWORD))) {
            assertParks(harness, NO_CREDENTIALS, "refuses the credentials");
        }
    }

    @Test
    @DisplayName("[B11] with a certificate of another host is not written to")
    void wrongHost() {
        try (Harness harness = harness("ELSEWHERE", trusted(), null)) {
            assertParks(harness, NO_TRUST, "shows a certificate of another host");
        }
    }

    @Test
    @DisplayName("[B11] with an expired certificate is not written to")
    void expired() {
        try (Harness harness = harness("EXPIRED", trusted(), null)) {
            assertParks(harness, NO_TRUST, "shows a certificate that is not valid now");
        }
    }

    @Test
    @DisplayName("[B11] with a certificate of another authority is not written to, nor told the password")
    void unknownAuthority(@TempDir Path directory) {
        try (Harness harness = harness(
                "SECURED", trusting(TestCertificates.in(directory)), password(Mechanism.PLAIN, SharedKafka.PASSWORD))) {
            assertParks(harness, NO_TRUST, "shows a certificate of an authority that is not trusted");
        }
    }

    @Test
    @DisplayName("that wants a certificate of the gateway takes the right one")
    void mutual() {
        Identity gateway = SharedKafka.authority().client("gateway");
        TlsSettings tls = new TlsSettings(
                SharedKafka.authority().authority().toString(),
                gateway.cert().toString(),
                gateway.encryptedKey().toString(),
                new Secret(TestCertificates.PASSWORD));
        try (Harness harness = harness("MUTUAL", tls, null)) {
            Sink sink = to(harness, "secured");
            harness.routes.start();

            deliverAccepted(sink, message("d", "sensors/d", "x"));
        }
    }

    @Test
    @DisplayName("that wants a certificate of the gateway and sees none is not written to")
    void mutualWithout() {
        try (Harness harness = harness("MUTUAL", trusted(), null)) {
            assertParks(harness, NO_TRUST, "refuses its certificate");
        }
    }

    @Test
    @DisplayName("is written to and read with a token, and the token is renewed")
    void byToken() {
        kafka.createTopic("secured-token", 1);
        Devices devices = new Devices();
        try (TokenServer tokens = new TokenServer(SharedKafka.authority(), 4);
                Harness harness = harness("SECURED", trusted(), token(tokens, TokenServer.SECRET))) {
            Sink sink = to(harness, "secured-token");
            harness.routes.from("down", "plant", Settings.from("secured-token", "group-token"), devices);
            harness.routes.start();
            harness.routes.startSources();

            deliverAccepted(sink, message("d", "sensors/d", "21.5"));
            soon().until(() -> devices.texts().contains("21.5"));
            devices.acceptAll();

            int before = tokens.requests.size();
            soon().until(() -> tokens.requests.size() > before);
            SharedKafka.records().produce(List.of(record("secured-token", "k", "later")));
            soon().until(() -> devices.texts().contains("later"));
            devices.acceptAll();
            assertThat(tokens.requests).containsOnly("grant_type=client_credentials&scope=kafka+write");
        }
    }

    @Test
    @DisplayName("is not connected to while the token server gives no token, and that is told as the reason")
    void noToken() {
        try (TokenServer tokens = new TokenServer(SharedKafka.authority(), 60);
                Harness harness = harness("SECURED", trusted(), token(tokens, "wrong"))) {
            Sink sink = to(harness, "secured");
            harness.routes.start();

            assertThat(offer(sink)).isInstanceOf(Delivery.Unavailable.class);
            soon().until(() -> harness.details.contains("the token server gives no token"));
            assertThat(harness.states).doesNotContain(State.CONNECTED);
        }
    }

    @Test
    @DisplayName("[D6] that does not let the gateway write to one Kafka topic parks the route to it, and no other")
    void notAuthorised() throws Exception {
        kafka.createTopic("forbidden", 1);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createAcls(List.of(new AclBinding(
                            new ResourcePattern(ResourceType.TOPIC, "forbidden", PatternType.LITERAL),
                            new AccessControlEntry(
                                    "User:somebody-else", "*", AclOperation.ALL, AclPermissionType.ALLOW))))
                    .all()
                    .get(2, TimeUnit.MINUTES);
        }
        try (Harness harness = harness("SECURED", trusted(), password(Mechanism.PLAIN, SharedKafka.PASSWORD))) {
            Sink forbidden = to(harness, "forbidden");
            Sink allowed = to(harness, "secured");
            harness.routes.start();
            deliverAccepted(allowed, message("d", "sensors/d", "x"));

            soon().untilAsserted(() -> assertThat(offer(forbidden))
                    .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> {
                        assertThat(unavailable.reason()).isEqualTo("Kafka does not let the gateway write there");
                        assertThat(unavailable.retry()).isEqualTo(Retry.whenMended());
                    }));
            deliverAccepted(allowed, message("d", "sensors/d", "x"));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gantry.api.ClientId;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.files.FileEvents;
import io.gantry.api.security.Identity;
import io.gantry.api.security.ServerTls.ClientCertificate;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.ByteSize;
import io.gantry.app.config.ConfigFile;
import io.gantry.app.config.GatewaySettings;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.ListenerSettings;
import io.gantry.mqtt.OverloadSettings;
import io.gantry.mqtt.Percent;
import io.gantry.mqtt.connection.TlsEngines;
import io.gantry.mqtt.session.Counters;
import io.gantry.mqtt.session.Overload;
import io.gantry.security.AccessCheck;
import io.gantry.security.Decision;
import io.gantry.security.RoleSettings;
import io.gantry.security.SecuritySettings;
import io.gantry.store.Durability;
import io.gantry.testbed.TestCertificates;
import io.gantry.tls.ReloadingTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fresh install is, read from {@code config/gantry.yaml}; a default that is weakened fails here. */
@DisplayName("A fresh install")
class HardeningDefaultsTest {
    private static final Path FRESH = Path.of("..", "..", "config", "gantry.yaml");

    private final GatewaySettings settings = read();

    /** Files that could not be used. */
    private static final class Unusable implements FileEvents {
        final BlockingQueue<String> files = new LinkedBlockingQueue<>();

        @Override
        public void renewed(String file) {}

        @Override
        public void failed(String file, String reason) {
            files.add(file);
        }
    }

    @Test
    @DisplayName(
            "lets nobody in from another machine: it listens on loopback, and refuses to listen elsewhere as it is")
    void anonymous() throws IOException {
        assertThat(settings.security()).isEqualTo(SecuritySettings.NONE);
        assertThat(settings.security().anonymous()).isFalse();
        assertThat(settings.listeners()).isNotEmpty().allSatisfy(listener -> assertThat(
                        InetAddress.getByName(listener.url().host()).isLoopbackAddress())
                .isTrue());
        String opened = Files.readString(FRESH).replace("mqtt://127.0.0.1:1883", "mqtt://0.0.0.0:1883");
        assertThat(opened).contains("- mqtt://0.0.0.0:1883");
        assertThat(errorsIn(opened))
                .singleElement()
                .asString()
                .contains("can be reached from other machines, and nothing says who may connect");
    }

    @Test
    @DisplayName("denies what no rule allows, once there are roles")
    void accessControl() {
        RoleSettings nothing = new RoleSettings(List.of(), List.of(), List.of(), List.of());
        AccessCheck check = new AccessCheck(
                Map.of("device", nothing),
                new Identity("ann", Set.of("device"), Map.of(), Identity.WITHOUT_END),
                new ClientId("ann"));

        assertThat(check.publish(new TopicName("a"))).isEqualTo(Decision.NONE);
        assertThat(check.subscribe(new TopicFilter("#"))).isEqualTo(Decision.NONE);
        assertThat(Decision.NONE.allowed()).isFalse();
    }

    @Test
    @DisplayName("bounds what a listener takes: packets, connections, and how long a CONNECT and a packet may take")
    void listeners() {
        assertThat(settings.listeners()).allSatisfy(listener -> {
            assertThat(listener.maxPacketSize()).isEqualTo(ByteSize.fromText("256KiB"));
            assertThat(listener.maxConnections()).isEqualTo(100_000);
            assertThat(listener.maxConnectionsPerAddress()).isEqualTo(1_000);
            assertThat(listener.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
            assertThat(listener.packetTimeout()).isEqualTo(Duration.ofMinutes(1));
            assertThat(listener.maxAcceptRate()).isEqualTo(2_000);
            assertThat(listener.proxyProtocol()).isFalse();
            assertThat(listener.allowedOrigins()).isEmpty();
        });
    }

    @Test
    @DisplayName("bounds what one device takes of it")
    void limits() {
        LimitSettings limits = settings.limits();

        assertThat(limits.receiveMaximum()).isEqualTo(1_000);
        assertThat(limits.maxInflight()).isEqualTo(100);
        assertThat(limits.maxQueuedMessages()).isEqualTo(1_000);
        assertThat(limits.maxQueuedBytes()).isEqualTo(ByteSize.fromText("4MiB"));
        assertThat(limits.maxSessionExpiry()).isEqualTo(Duration.ofDays(7));
        assertThat(limits.maxKeepAlive()).isEqualTo(Duration.ofHours(1));
        assertThat(limits.maxRetainedMessages()).isEqualTo(100_000);
        assertThat(limits.maxTopicLevels()).isEqualTo(32);
        assertThat(limits.maxTopicLength()).isEqualTo(1_024);
        assertThat(limits.maxClientIdLength()).isEqualTo(256);
        assertThat(limits.maxTopicAliases()).isEqualTo(10);
        assertThat(limits.maxSubscriptions()).isEqualTo(1_000);
        assertThat(limits.maxUserProperties()).isEqualTo(32);
        assertThat(limits.maxPropertyBytes()).isEqualTo(ByteSize.fromText("8KiB"));
        assertThat(limits.maxAuthenticationRounds()).isEqualTo(8);
    }

    @Test
    @DisplayName("bans who flaps, and who guesses passwords")
    void bans() {
        assertThat(settings.limits().maxConnectsPerMinute()).isEqualTo(30);
        assertThat(settings.limits().maxConnectBan()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.limits().maxFailedLogins()).isEqualTo(10);
        assertThat(settings.limits().failedLoginBan()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.limits().maxFlapsPerMinute()).isEqualTo(50);
        assertThat(settings.limits().flappingBan()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    @DisplayName("gives a TLS handshake 5 seconds, and asks for a certificate where an authority is named")
    void tls() throws InvalidConfigException {
        ListenerSettings listener = new ConfigFile(Connectors.all(), Map.<String, String>of()::get)
                .read(
                        "g.yaml",
                        "listeners: {url: 'mqtts://127.0.0.1', tls: {cert: c.pem, key: k.pem, client-ca: ca.pem}}")
                .listeners()
                .get(0);
        ServerTlsSettings tls = Objects.requireNonNull(listener.tls());

        assertThat(tls.handshakeTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(tls.clientCert()).isEqualTo(ClientCertificate.REQUIRED);
    }

    @Test
    @DisplayName(
            "speaks TLS 1.2 and 1.3 and nothing older, and keeps its certificate when the file becomes one that cannot"
                    + " be used")
    void tlsVersions(@TempDir Path directory) throws Exception {
        TestCertificates.Identity own = TestCertificates.in(directory).server("127.0.0.1");
        ServerTlsSettings given = new ServerTlsSettings(
                own.cert().toString(),
                own.key().toString(),
                null,
                List.of(),
                null,
                null,
                null,
                false,
                Duration.ofSeconds(5));
        Unusable unusable = new Unusable();
        try (ReloadingTls tls = ReloadingTls.open(given, unusable)) {
            SSLEngine engine = TlsEngines.best().context(tls, "mqtt").newEngine(ByteBufAllocator.DEFAULT);
            try {
                assertThat(engine.getEnabledProtocols())
                        .filteredOn(protocol -> protocol.startsWith("TLS") || protocol.startsWith("SSLv3"))
                        .containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
            } finally {
                ReferenceCountUtil.release(engine);
            }
            String alias = tls.keys().chooseEngineServerAlias("EC", null, null);
            X509Certificate[] before = tls.keys().getCertificateChain(alias);

            Files.writeString(own.cert(), "no certificate");

            assertThat(unusable.files.poll(2, TimeUnit.MINUTES))
                    .isEqualTo(own.cert().toString());
            assertThat(tls.keys().getCertificateChain(tls.keys().chooseEngineServerAlias("EC", null, null)))
                    .isEqualTo(before);
        }
    }

    @Test
    @DisplayName("has no key by which certificates of targets are not checked, or redirects are followed")
    void targets() throws IOException {
        JsonNode schema = new ObjectMapper()
                .readTree(Path.of("..", "..", "config", "gantry.schema.json").toFile());
        List<String> keys = new ArrayList<>();
        schema.findValues("properties")
                .forEach(properties -> properties.fieldNames().forEachRemaining(keys::add));

        assertThat(keys)
                .contains("max-packet-size", "url", "tls")
                .noneMatch(key -> key.matches(".*(insecure|verif|trust-all|trust-any|unsafe|redirect|skip-).*"));
    }

    @Test
    @DisplayName("never takes a target's host from a message")
    void hosts() {
        for (String place : List.of("https://{client}.example/", "https://{topic}/", "https://${client}/")) {
            assertThat(errorsIn("listeners: mqtt://127.0.0.1\nendpoints: {e: {http: {url: \"" + place + "\"}}}"))
                    .as(place)
                    .isNotEmpty();
        }
        assertThat(errorsIn("listeners: mqtt://127.0.0.1\nendpoints: {e: {http: {url: \"https://a.example/\"}}}"))
                .isEmpty();
    }

    @Test
    @DisplayName("sheds load at marks of heap, direct memory and event loops, and has rates by address")
    void overload() {
        assertThat(settings.limits().overload())
                .isEqualTo(new OverloadSettings(new Percent(85), new Percent(85), Duration.ofSeconds(1)));
        Overload overload = new Overload(settings.limits().overload(), new Counters());
        overload.look(new Overload.Figures(0, 85, 0));
        assertThat(overload.isShedding()).isTrue();
        assertThat(settings.limits().maxPublishRate()).isEqualTo(50_000);
        assertThat(settings.limits().maxPublishRatePerAddress()).isEqualTo(1_000_000);
        assertThat(settings.listeners()).allSatisfy(listener -> assertThat(listener.maxAcceptRatePerAddress())
                .isEqualTo(1_000));
    }

    @Test
    @DisplayName(
            "has its admin port on loopback alone, without a password; elsewhere it wants TLS and a token; changes are"
                    + " audited")
    void admin() throws IOException {
        assertThat(InetAddress.getByName(settings.admin().listen().host()).isLoopbackAddress())
                .isTrue();
        assertThat(settings.admin().tokens()).isEmpty();
        assertThat(errorsIn("listeners: mqtt://127.0.0.1\nadmin: {listen: '0.0.0.0:8080'}"))
                .singleElement()
                .asString()
                .contains("must be a loopback address", "tls", "tokens");
        assertThat(settings.admin().audit().keep()).isPositive();
    }

    @Test
    @DisplayName("syncs what it acknowledges")
    void store() {
        assertThat(settings.store().durability()).isEqualTo(Durability.FSYNC);
    }

    /** The image is {@link DockerFilesTest}'s, the licences and hashes of what is shipped are {@link SupplyChainIT}'s. */
    @Test
    @DisplayName(
            "is built the same every time, with lists of what is in it, and the advisories are those of these versions")
    void supplyChain() throws IOException {
        String parent = Files.readString(Repository.root().resolve("pom.xml"));
        String distribution = Files.readString(Path.of("pom.xml"));
        String advisories = Files.readString(Repository.root().resolve("docs/advisories.md"));

        assertThat(valueOf("project.build.outputTimestamp", parent)).matches("\\d{4}-.*Z");
        assertThat(distribution).contains("<goal>makeBom</goal>", "<goal>add-third-party</goal>");
        assertThat(Repository.root().resolve(".ci/reproducible")).isExecutable();
        assertThat(Repository.root().resolve(".ci/release")).isExecutable();
        Map.ofEntries(
                        entry("Netty", "netty.version"),
                        entry("Vert.x", "vertx.version"),
                        entry("Apache Camel", "camel.version"),
                        entry("kafka-clients", "kafka.version"),
                        entry("Jackson", "jackson.version"),
                        entry("SnakeYAML", "snakeyaml.version"),
                        entry("Logback", "logback.version"),
                        entry("Nimbus JOSE+JWT", "nimbus.version"),
                        entry("RocksDB", "rocksdb.version"),
                        entry("Paho", "paho.version"),
                        entry("Ayza", "ayza.version"),
                        entry("Bouncy Castle", "bouncycastle.version"),
                        entry("Californium", "californium.version"))
                .forEach((library, property) -> assertThat(advisories)
                        .contains(library + " " + valueOf(property, parent).replace(".Final", "")));
    }

    private static String valueOf(String property, String pom) {
        String start = "<" + property + ">";
        assertThat(pom).contains(start);
        return pom.substring(pom.indexOf(start) + start.length(), pom.indexOf("</" + property + ">"));
    }

    private static List<String> errorsIn(String yaml) {
        try {
            new ConfigFile(Connectors.all(), Map.<String, String>of()::get).read("gantry.yaml", yaml);
            return List.of();
        } catch (InvalidConfigException invalid) {
            return invalid.problems().stream().map(String::valueOf).toList();
        }
    }

    private static GatewaySettings read() {
        try {
            return new ConfigFile(Connectors.all(), Map.<String, String>of()::get).read(FRESH);
        } catch (InvalidConfigException invalid) {
            throw new AssertionError(invalid);
        }
    }
}

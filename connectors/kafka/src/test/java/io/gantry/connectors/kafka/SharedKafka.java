// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.testbed.KafkaListener;
import io.gantry.testbed.KafkaRecords;
import io.gantry.testbed.KafkaServer;
import io.gantry.testbed.LoopbackPorts;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One Kafka for all tests of the module, as a start takes seconds; it ends after the last of them. Makes no Kafka topic
 * by itself. A test has Kafka topics and groups of its own, and leaves Kafka running.
 */
final class SharedKafka implements BeforeAllCallback, AutoCloseable {
    static final String USER = "gantry";
    /** With all that the syntax of JAAS has a meaning for. */
    static final String PASSWORD = "a\"b\\c; d='e' = ü {f} ${g}";

    private static @Nullable SharedKafka shared;

    private final KafkaServer server;
    private final TestCertificates authority;
    private final Map<String, KafkaListener> listeners;

    /** For JUnit, which makes one for each test class. */
    SharedKafka() {
        this(null, null, Map.of());
    }

    @SuppressWarnings("NullAway") // What JUnit makes is only asked to start the one that is shared.
    private SharedKafka(
            @Nullable KafkaServer server, @Nullable TestCertificates authority, Map<String, KafkaListener> listeners) {
        this.server = server;
        this.authority = authority;
        this.listeners = listeners;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .getOrComputeIfAbsent(SharedKafka.class, missing -> start(), SharedKafka.class);
    }

    private static synchronized SharedKafka start() {
        try {
            Path directory = Files.createTempDirectory("gantry-kafka");
            TestCertificates authority = TestCertificates.in(directory);
            Map<String, KafkaListener> listeners = new HashMap<>();
            add(listeners, KafkaListener.sasl("SECURED", authority.server("127.0.0.1"), USER, PASSWORD));
            add(listeners, only("SCRAM-SHA-512", KafkaListener.sasl("SCRAM", authority.server("127.0.0.1"), USER, "")));
            add(listeners, KafkaListener.tls("ELSEWHERE", authority.server("other.example")));
            add(listeners, KafkaListener.tls("EXPIRED", authority.expiredServer("127.0.0.1")));
            add(listeners, KafkaListener.mutual("MUTUAL", authority.server("127.0.0.1"), authority));
            add(
                    listeners,
                    new KafkaListener("PROXIED", "PLAINTEXT", LoopbackPorts.free(), LoopbackPorts.free(), Map.of()));
            KafkaServer server = KafkaServer.start(
                    directory,
                    LoopbackPorts.free(),
                    Map.of(
                            "auto.create.topics.enable", "false",
                            "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                            "allow.everyone.if.no.acl.found", "true",
                            "super.users", "User:ANONYMOUS"),
                    List.copyOf(listeners.values()));
            shared = new SharedKafka(server, authority, Map.copyOf(listeners));
            return shared;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void add(Map<String, KafkaListener> listeners, KafkaListener listener) {
        listeners.put(listener.name(), listener);
    }

    private static KafkaListener only(String mechanism, KafkaListener listener) {
        Map<String, String> properties = new HashMap<>(listener.properties());
        properties.replaceAll((name, value) -> name.endsWith("sasl.enabled.mechanisms") ? mechanism : value);
        return new KafkaListener(
                listener.name(), listener.protocol(), listener.port(), listener.advertisedPort(), properties);
    }

    private static synchronized SharedKafka shared() {
        if (shared == null) {
            throw new IllegalStateException("the test class must be extended with SharedKafka");
        }
        return shared;
    }

    static KafkaServer server() {
        return shared().server;
    }

    static KafkaRecords records() {
        return KafkaRecords.at(server().bootstrapServers());
    }

    /** Whose certificates its listeners show. */
    static TestCertificates authority() {
        return shared().authority;
    }

    /** The address of one of its further listeners. */
    static String listener(String name) {
        return further(name).bootstrapServers();
    }

    /** The one whose clients are sent to a proxy in front of it, which the test has to provide. */
    static KafkaListener behindProxy() {
        return further("PROXIED");
    }

    private static KafkaListener further(String name) {
        KafkaListener listener = shared().listeners.get(name);
        if (listener == null) {
            throw new IllegalArgumentException("no listener " + name);
        }
        return listener;
    }

    @Override
    public void close() {
        server.close();
    }
}

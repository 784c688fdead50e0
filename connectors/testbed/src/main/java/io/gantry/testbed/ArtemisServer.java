// SPDX-License-Identifier: Apache-2.0
package io.gantry.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.apache.activemq.artemis.utils.CertificateUtil;
import org.jspecify.annotations.Nullable;

/**
 * A real Artemis in this process, with AMQP 1.0 on a loopback port and its journal on disk, synced before it confirms.
 * Queues are made when somebody names them, except under {@code declared.}; what is rejected goes to {@link #DEAD_LETTERS};
 * nobody may use {@code forbidden.}; and under {@code small.} a queue takes a few KiB and then refuses.
 */
public final class ArtemisServer implements AutoCloseable {
    /** The queue of what consumers rejected. */
    public static final String DEAD_LETTERS = "dead-letters";

    private static final long SMALL_BYTES = 8_192;
    private static final int JOURNAL_FILE_BYTES = 10 << 20;

    private final Path directory;
    private final int port;
    private final Setup setup;
    private @Nullable EmbeddedActiveMQ running;

    /**
     * Who may connect, and how.
     *
     * @param user who may; null for everybody
     * @param password of that user
     * @param tls null for plain TCP
     */
    public record Setup(
            @Nullable String user,
            @Nullable String password,
            @Nullable Tls tls) {
        /** Everybody, over plain TCP. */
        public static final Setup OPEN = new Setup(null, null, null);
    }

    /**
     * Certificates of the server.
     *
     * @param keyStore its own, as PKCS#12
     * @param trustStore whose client certificates are wanted, as PKCS#12; null for none wanted
     * @param password of both files
     */
    public record Tls(Path keyStore, @Nullable Path trustStore, String password) {}

    private ArtemisServer(Path directory, int port, Setup setup) {
        this.directory = directory;
        this.port = port;
        this.setup = setup;
    }

    /** Starts one with fresh data on a free port, for everybody. */
    public static ArtemisServer start() {
        return start(Setup.OPEN);
    }

    /** Starts one with fresh data on a free port. */
    public static ArtemisServer start(Setup setup) {
        try {
            return start(Files.createTempDirectory("gantry-artemis"), LoopbackPorts.free(), setup);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Starts one that keeps its data in the directory.
     *
     * @param dataDirectory used again when it holds the data of an earlier one; deleted by {@link #close()}
     */
    public static ArtemisServer start(Path dataDirectory, int port, Setup setup) {
        ArtemisServer server = new ArtemisServer(dataDirectory, port, setup);
        server.restart();
        return server;
    }

    /** For a client: {@code amqp://127.0.0.1:PORT}, or {@code amqps://localhost:PORT} with TLS. */
    public String url() {
        return setup.tls == null ? "amqp://127.0.0.1:" + port : "amqps://localhost:" + port;
    }

    /** The port it listens on, the same after each restart. */
    public int port() {
        return port;
    }

    /** Starts it again with the same data and port. */
    public void restart() {
        stop();
        EmbeddedActiveMQ server = new EmbeddedActiveMQ();
        server.setConfiguration(configuration());
        server.setSecurityManager(new OneUser(setup));
        try {
            server.start();
            if (!server.getActiveMQServer().isActive()) {
                throw new IllegalStateException("Artemis has not started");
            }
        } catch (Exception failure) {
            throw new IllegalStateException("cannot start Artemis on port " + port, failure);
        }
        running = server;
        if (queue(DEAD_LETTERS) == null) {
            createQueue(DEAD_LETTERS);
        }
    }

    private Configuration configuration() {
        try {
            Configuration configuration = new ConfigurationImpl()
                    .setName("gantry-testbed-" + port)
                    .setPersistenceEnabled(true)
                    .setJournalType(JournalType.NIO)
                    .setJournalFileSize(JOURNAL_FILE_BYTES)
                    .setJournalDirectory(directory.resolve("journal").toString())
                    .setBindingsDirectory(directory.resolve("bindings").toString())
                    .setLargeMessagesDirectory(directory.resolve("large").toString())
                    .setPagingDirectory(directory.resolve("paging").toString())
                    .setMaxDiskUsage(100)
                    .setJMXManagementEnabled(false)
                    .setSecurityEnabled(true);
            configuration.setCriticalAnalyzer(false);
            configuration.addAcceptorConfiguration("amqp", acceptor());
            configuration.putSecurityRoles("#", Set.of());
            configuration.addAddressSetting("#", settings());
            configuration.addAddressSetting(
                    "declared.#", settings().setAutoCreateQueues(false).setAutoCreateAddresses(false));
            configuration.addAddressSetting(
                    "small.#",
                    settings()
                            .setMaxSizeBytes(SMALL_BYTES)
                            .setMaxSizeBytesRejectThreshold(SMALL_BYTES)
                            .setAddressFullMessagePolicy(AddressFullMessagePolicy.FAIL));
            return configuration;
        } catch (Exception bug) {
            throw new IllegalStateException("Artemis does not take its configuration", bug);
        }
    }

    private static AddressSettings settings() {
        return new AddressSettings()
                .setDeadLetterAddress(SimpleString.of(DEAD_LETTERS))
                .setAutoDeleteQueues(false)
                .setAutoDeleteAddresses(false)
                .setDefaultAddressRoutingType(RoutingType.ANYCAST)
                .setDefaultQueueRoutingType(RoutingType.ANYCAST);
    }

    private String acceptor() {
        String plain = "tcp://127.0.0.1:" + port + "?protocols=AMQP;useEpoll=false;useKQueue=false"
                + ";saslMechanisms=PLAIN,ANONYMOUS,EXTERNAL";
        Tls tls = setup.tls;
        if (tls == null) {
            return plain;
        }
        String withTls = plain + ";sslEnabled=true;keyStoreType=PKCS12;keyStorePath=" + tls.keyStore
                + ";keyStorePassword=" + tls.password;
        return tls.trustStore == null
                ? withTls
                : withTls + ";wantClientAuth=true;trustStoreType=PKCS12;trustStorePath=" + tls.trustStore
                        + ";trustStorePassword=" + tls.password;
    }

    /** Makes a queue that is not made by being named. */
    public void createQueue(String name) {
        try {
            server().getActiveMQServer()
                    .createQueue(QueueConfiguration.of(name)
                            .setAddress(name)
                            .setRoutingType(RoutingType.ANYCAST)
                            .setAutoCreateAddress(true)
                            .setDurable(true));
        } catch (Exception failure) {
            throw new IllegalStateException("cannot make the queue " + name, failure);
        }
    }

    /** Deletes a queue, whoever uses it. */
    public void deleteQueue(String name) {
        try {
            server().getActiveMQServer().destroyQueue(SimpleString.of(name), null, false, true);
        } catch (Exception failure) {
            throw new IllegalStateException("cannot delete the queue " + name, failure);
        }
    }

    /** How many messages are in a queue, those that a consumer has and has not settled included; 0 when there is none. */
    public long messages(String queue) {
        Queue found = queue(queue);
        return found == null ? 0 : found.getMessageCount();
    }

    /** Whether there is a queue of that name. */
    public boolean hasQueue(String name) {
        return queue(name) != null;
    }

    private @Nullable Queue queue(String name) {
        return server().getActiveMQServer().locateQueue(name);
    }

    private EmbeddedActiveMQ server() {
        if (running == null) {
            throw new IllegalStateException("Artemis is stopped");
        }
        return running;
    }

    /** Cuts all connections and ends it. */
    public void stop() {
        EmbeddedActiveMQ server = running;
        running = null;
        if (server != null) {
            try {
                server.stop();
            } catch (Exception failure) {
                throw new IllegalStateException("cannot stop Artemis", failure);
            }
        }
    }

    /** Ends it and deletes its data. */
    @Override
    public void close() {
        stop();
        Directories.delete(directory);
    }

    /** Lets in one user, or whoever shows a trusted certificate, or everybody. */
    private record OneUser(Setup setup) implements ActiveMQSecurityManager5 {

        @Override
        public @Nullable Subject authenticate(
                @Nullable String user,
                @Nullable String password,
                @Nullable RemotingConnection connection,
                @Nullable String domain) {
            if (!validateUser(user, password) && !hasCertificate(connection)) {
                return null;
            }
            Subject subject = new Subject();
            subject.getPrincipals().add(new UserPrincipal(user == null ? "somebody" : user));
            return subject;
        }

        private static boolean hasCertificate(@Nullable RemotingConnection connection) {
            return connection != null && CertificateUtil.getPeerPrincipalFromConnection(connection) != null;
        }

        @Override
        public boolean authorize(Subject subject, Set<Role> roles, CheckType check, String address) {
            return !address.startsWith("forbidden.");
        }

        @Override
        public boolean validateUser(@Nullable String user, @Nullable String password) {
            return setup.user == null
                    || setup.user.equals(user) && String.valueOf(setup.password).equals(password);
        }

        @Override
        public boolean validateUserAndRole(
                @Nullable String user, @Nullable String password, Set<Role> roles, CheckType check) {
            return validateUser(user, password);
        }
    }
}

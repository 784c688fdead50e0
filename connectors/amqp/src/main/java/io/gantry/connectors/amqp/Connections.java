// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.FollowedTls;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.policy.JmsDefaultPrefetchPolicy;
import org.apache.qpid.jms.policy.JmsMessageIDPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the brokers of one endpoint, in turn, beginning with the one that was reached last. Does not reconnect by
 * itself as Qpid's failover does: that hides why a broker cannot be used, and sends again by itself what was under way.
 */
final class Connections implements AutoCloseable {
    private static final long CLOSE_MILLIS = 3_000;

    private final AmqpEndpointSettings settings;
    private final List<BrokerUrl> brokers;
    private final @Nullable FollowedTls tls;
    private final AtomicInteger reachedLast = new AtomicInteger();

    /** Reads the certificates; connects to nothing yet. */
    Connections(String endpoint, AmqpEndpointSettings settings) {
        this.settings = settings;
        this.brokers = settings.url().stream().map(BrokerUrl::parse).toList();
        this.tls = brokers.get(0).isSecure() ? settings.tls().open(endpoint) : null;
    }

    AmqpEndpointSettings settings() {
        return settings;
    }

    /** For messages: {@code amqp://a:5672,amqp://b:5672}. */
    String brokers() {
        return String.join(",", settings.url());
    }

    /**
     * A new connection, started.
     *
     * @param credit of its consumers
     * @param ids of the messages that are sent on it; null for Qpid's own
     * @throws JMSException when none of the brokers can be used; of several reasons, the one that somebody has to mend
     */
    Connection connect(int credit, @Nullable JmsMessageIDPolicy ids) throws JMSException {
        int first = reachedLast.get();
        JMSException failure = null;
        for (int i = 0; i < brokers.size(); i++) {
            int index = (first + i) % brokers.size();
            try {
                Connection connection = connect(brokers.get(index), credit, ids);
                reachedLast.set(index);
                return connection;
            } catch (JMSException unusable) {
                failure = failure == null || !wantsMending(failure) ? unusable : failure;
            }
        }
        throw failure == null ? new JMSException("no broker") : failure;
    }

    private Connection connect(BrokerUrl broker, int credit, @Nullable JmsMessageIDPolicy ids) throws JMSException {
        Secret password = settings.password();
        Connection connection = factory(broker, credit, ids)
                .createConnection(settings.username(), password == null ? null : password.reveal());
        try {
            connection.start();
            return connection;
        } catch (JMSException failure) {
            closeQuietly(connection);
            throw failure;
        }
    }

    private JmsConnectionFactory factory(BrokerUrl broker, int credit, @Nullable JmsMessageIDPolicy ids) {
        JmsConnectionFactory factory = new JmsConnectionFactory(uri(broker));
        factory.setConnectTimeout(settings.connectTimeout().toMillis());
        factory.setRequestTimeout(settings.requestTimeout().toMillis());
        factory.setSendTimeout(settings.sendTimeout().toMillis());
        factory.setCloseTimeout(CLOSE_MILLIS);
        factory.setUseDaemonThread(true);
        factory.setForceAsyncAcks(true);
        // What others send may have any name.
        factory.setValidatePropertyNames(false);
        factory.setReceiveLocalOnly(true);
        factory.setTracer(Outcomes.TRACER);
        if (tls != null) {
            factory.setSslContext(tls.context());
        }
        JmsDefaultPrefetchPolicy prefetch = new JmsDefaultPrefetchPolicy();
        prefetch.setAll(credit);
        factory.setPrefetchPolicy(prefetch);
        if (ids != null) {
            factory.setMessageIDPolicy(ids);
        }
        return factory;
    }

    private String uri(BrokerUrl broker) {
        return broker + "?amqp.saslMechanisms=" + settings.mechanism().name().toUpperCase(Locale.ROOT)
                + "&amqp.idleTimeout=" + settings.idleTimeout().toMillis()
                + "&transport.connectTimeout=" + settings.connectTimeout().toMillis()
                + "&transport.tcpKeepAlive=true";
    }

    /** Whether somebody has to mend the settings, or rights at the broker, before trying again can help. */
    static boolean wantsMending(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof JMSSecurityException || cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    /** A few words for the endpoint's state; nothing that a broker has sent. */
    static String reason(Throwable failure, String brokers) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof JMSSecurityException) {
                return "the AMQP broker at " + brokers + " refuses the credentials";
            }
            if (cause instanceof SSLException) {
                return "no TLS with the AMQP broker at " + brokers + ": its certificate or the gateway's is refused";
            }
        }
        return "no answer from the AMQP broker at " + brokers;
    }

    /** Closing tells the broker, if it is there to be told. */
    static void closeQuietly(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (JMSException alreadyGone) {
                // Nothing is left to be closed.
            }
        }
    }

    /** Follows the certificates no longer; connections stay. */
    @Override
    public void close() {
        if (tls != null) {
            tls.close();
        }
    }
}

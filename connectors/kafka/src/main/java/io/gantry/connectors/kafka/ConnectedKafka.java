// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.MessageId;
import io.gantry.api.Transactions;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.EndpointEvent;
import io.gantry.connectors.spi.EventCounts;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka of the YAML in use: one producer for all its routes but those that write exactly once, and a consumer for each
 * route that starts there.
 */
final class ConnectedKafka implements ConnectedEndpoint<KafkaFrom, KafkaTo> {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectedKafka.class);
    private static final long POLL_MILLIS = 500;
    private static final int STOP_MILLIS = 10_000;

    private final ClientSettings clients;
    private final KafkaComponent component;
    private final KafkaReach reach;
    private final SharedProducer producer;
    private final Map<String, Integer> targets = new HashMap<>();
    private final List<ExactlyOnce> exactlyOnce = new ArrayList<>();
    private final Map<String, Replies> replies = new HashMap<>();
    private final EventCounts<EndpointEvent> counts = new EventCounts<>(EnumSet.of(EndpointEvent.ANSWERED_NOBODY));
    private final String gateway;

    ConnectedKafka(EndpointContext context, KafkaEndpointSettings settings) {
        String name = context.name();
        this.gateway = context.gateway();
        this.clients = new ClientSettings(name, settings);
        if (clients.tellsSecretsInTheClear()) {
            LOG.atWarn()
                    .addKeyValue("endpoint", name)
                    .log("The credentials for Kafka go over the network unencrypted, as there is no tls: beside sasl:");
        }
        this.component = new KafkaComponent(context.camel());
        this.reach = new KafkaReach(clients, context.watcher());
        this.producer = new SharedProducer(clients.producer(), reach, !clients.waitsForLogin());
        reach.start(producer::recheck);
    }

    @Override
    public String address() {
        return "kafka " + String.join(",", clients.settings().brokers());
    }

    @Override
    public CamelSink sink(String route, KafkaTo settings) {
        if (settings.exactlyOnce()) {
            ExactlyOnce transactions = new ExactlyOnce(route, transactionalId(route), clients, reach);
            exactlyOnce.add(transactions);
            return sink(route, settings, transactions, transactions);
        }
        if (settings.topic().isFixed()) {
            producer.expect(settings.topic().toString());
        }
        return sink(route, settings, producer, null);
    }

    private CamelSink sink(String route, KafkaTo settings, RecordSender sender, @Nullable Transactions transactions) {
        AskingProducer asking = settings.replyFrom() == null ? null : asking(settings, settings.replyFrom());
        KafkaEndpoint endpoint = new RecordEndpoint(uri("to", route), component, asking);
        endpoint.setConfiguration(configuration());
        endpoint.setKafkaClientFactory(new ClientFactory(clients, sender, null));
        return new KafkaSink(endpoint, settings, new SendFailures(route, reach), transactions, asking);
    }

    private AskingProducer asking(KafkaTo settings, String topic) {
        return new AskingProducer(
                replies.computeIfAbsent(topic, missing -> new Replies(clients, reach, topic, counts)),
                gateway,
                settings.replyTimeout());
    }

    /** The same after each start; no name in it has a slash, so that no two targets get the same. */
    private String transactionalId(String route) {
        int number = targets.merge(route, 1, Integer::sum);
        return clients.settings().clientId() + "/" + clients.endpoint() + "/" + route + "/" + number;
    }

    @Override
    public CamelSource source(String route, KafkaFrom settings, MessageId.Sequence ids) {
        KafkaConfiguration configuration = configuration();
        configuration.setTopic(String.join(",", settings.topic()));
        configuration.setGroupId(settings.group());
        configuration.setAutoCommitEnable(false);
        configuration.setPollTimeoutMs(POLL_MILLIS);
        KafkaEndpoint endpoint = new KafkaEndpoint(uri("from", route), component);
        endpoint.setConfiguration(configuration);
        InFlight inFlight = new InFlight(route, settings, reach);
        endpoint.setKafkaClientFactory(new ClientFactory(clients, producer, inFlight));
        return new KafkaSource(clients.endpoint(), endpoint, inFlight, ids);
    }

    private KafkaConfiguration configuration() {
        KafkaConfiguration configuration = new KafkaConfiguration();
        configuration.setBrokers(String.join(",", clients.settings().brokers()));
        configuration.setClientId(clients.settings().clientId());
        configuration.setHeaderFilterStrategy(NoHeaders.STRATEGY);
        configuration.setRecordMetadata(false);
        configuration.setWorkerPool(new CallingThread());
        configuration.setShutdownTimeout(STOP_MILLIS);
        // A name that does not resolve now may later: the clients find out by themselves.
        configuration.setPreValidateHostAndPort(false);
        return configuration;
    }

    private String uri(String side, String route) {
        return "kafka://" + side + "-" + URLEncoder.encode(clients.endpoint() + "-" + route, StandardCharsets.UTF_8);
    }

    @Override
    public Map<String, Long> counts() {
        return counts.now();
    }

    @Override
    public void close() {
        reach.close();
        replies.values().forEach(Replies::close);
        exactlyOnce.forEach(ExactlyOnce::close);
        producer.shutDown();
        clients.close();
    }
}

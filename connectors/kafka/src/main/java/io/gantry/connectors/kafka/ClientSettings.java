// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.connectors.spi.FollowedTls;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The settings of Kafka's clients, all of them made here: of what Camel would make out of a URI nothing is used.
 *
 * @param endpoint the endpoint's name in the YAML
 * @param security whom the clients trust and who they are
 */
record ClientSettings(String endpoint, KafkaEndpointSettings settings, Map<String, Object> security)
        implements AutoCloseable {
    /** How long a send may wait for the topic's metadata or for room in the buffer; it holds up the whole endpoint. */
    static final int MAX_BLOCK_MILLIS = 2_000;

    /** After a crash of the gateway its partitions are given to others, or to itself, after this time. */
    private static final int SESSION_MILLIS = 10_000;

    /** Kafka aborts a transaction that is not over after this time; until then it holds up those who read committed. */
    static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(60);

    /** How long a step of a transaction may take; no longer than a record may. */
    private static final Duration LONGEST_STEP = Duration.ofSeconds(30);

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);
    private static final int CURSOR_WAIT_MILLIS = 50;
    private static final int MOST_RECORDS_PER_POLL = 500;
    private static final int POLLS_IN_FLIGHT = 10;

    /**
     * Reads the certificates that the settings name.
     *
     * @throws io.gantry.api.settings.InvalidSettingException when they cannot be read
     */
    ClientSettings(String endpoint, KafkaEndpointSettings settings) {
        this(endpoint, settings, Security.of(endpoint, settings));
    }

    /** Follows the certificates no longer. */
    @Override
    public void close() {
        for (Object setting : security.values()) {
            if (setting instanceof FollowedTls tls) {
                tls.close();
            }
        }
    }

    Map<String, Object> producer() {
        Map<String, Object> producer = client(endpoint);
        producer.putAll(ClientProperties.ofProducer(settings.clientProperties()));
        producer.put(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // More would let a later batch of a new producer overtake one that is sent again (docs/adr/0008).
        producer.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        producer.put(
                ProducerConfig.COMPRESSION_TYPE_CONFIG, settings.compression().toString());
        producer.put(ProducerConfig.LINGER_MS_CONFIG, settings.linger().toMillis());
        producer.put(
                ProducerConfig.BATCH_SIZE_CONFIG,
                Math.toIntExact(settings.batchSize().bytes()));
        producer.put(ProducerConfig.BUFFER_MEMORY_CONFIG, settings.buffer().bytes());
        producer.put(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Math.toIntExact(settings.deliveryTimeout().toMillis()));
        producer.put(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Math.toIntExact(settings.maxRequestSize().bytes()));
        producer.put(
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                Math.min(MAX_BLOCK_MILLIS, settings.deliveryTimeout().toMillis()));
        // The other strategy forgets all topics as soon as no broker answers, and sends fail instead of waiting.
        producer.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
        return producer;
    }

    /** One for each target that is written to exactly once. */
    Map<String, Object> transactionalProducer(String route, String transactionalId) {
        Map<String, Object> producer = producer();
        producer.putAll(client(endpoint + "-" + route));
        producer.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        producer.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(TRANSACTION_TIMEOUT.toMillis()));
        producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, stepMillis());
        return producer;
    }

    /** How long Kafka may take to answer a question; no longer than for a record. */
    int answerMillis() {
        return (int)
                Math.min(LONGEST_ANSWER.toMillis(), settings.deliveryTimeout().toMillis());
    }

    private long stepMillis() {
        return Math.min(LONGEST_STEP.toMillis(), settings.deliveryTimeout().toMillis());
    }

    Map<String, Object> cursorReader(String route) {
        Map<String, Object> consumer = client(endpoint + "-" + route + "-cursor");
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // What it reads is there already, and it cannot be closed while Kafka waits for more.
        consumer.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, CURSOR_WAIT_MILLIS);
        return consumer;
    }

    /**
     * For a few questions.
     *
     * @return with {@link #answerMillis()} for each
     */
    Map<String, Object> cursorAdmin(String route) {
        int answerMillis = answerMillis();
        Map<String, Object> admin = client(endpoint + "-" + route + "-cursor");
        admin.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, answerMillis);
        admin.put(
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                Math.min(answerMillis, Math.toIntExact(settings.requestTimeout().toMillis())));
        return admin;
    }

    Map<String, Object> consumer(String route, KafkaFrom from) {
        Map<String, Object> consumer = client(endpoint + "-" + route);
        consumer.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
        consumer.putAll(ClientProperties.ofConsumer(settings.clientProperties()));
        consumer.put(ConsumerConfig.GROUP_ID_CONFIG, from.group());
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, from.start().toString());
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, from.isolation().inKafka());
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, recordsPerPoll(from));
        return consumer;
    }

    /** Whether a new client asks somebody else than Kafka, and waits for it. */
    boolean waitsForLogin() {
        return settings.sasl() != null && settings.sasl().mechanism() == SaslSettings.Mechanism.OAUTHBEARER;
    }

    /** Whether whoever listens on the way to Kafka learns what the gateway logs in with. */
    boolean tellsSecretsInTheClear() {
        SaslSettings sasl = settings.sasl();
        return sasl != null
                && settings.tls() == null
                && (sasl.mechanism() == SaslSettings.Mechanism.PLAIN
                        || sasl.mechanism() == SaslSettings.Mechanism.OAUTHBEARER);
    }

    /**
     * Reading waits when one more poll could bring more than may be in flight: so few that it does not wait long before that,
     * which with as many as may be in flight it would for a single record.
     */
    static int recordsPerPoll(KafkaFrom from) {
        return Math.max(1, Math.min(MOST_RECORDS_PER_POLL, from.maxInFlight() / POLLS_IN_FLIGHT));
    }

    /** Of no group: it reads from where it is told. */
    Map<String, Object> replyReader(String topic) {
        Map<String, Object> consumer = client(endpoint + "-replies-" + topic);
        consumer.putAll(ClientProperties.ofConsumer(settings.clientProperties()));
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return consumer;
    }

    Map<String, Object> admin() {
        return client(endpoint + "-watch");
    }

    private Map<String, Object> client(String name) {
        Map<String, Object> client = new HashMap<>();
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, String.join(",", settings.brokers()));
        client.put(CommonClientConfigs.CLIENT_ID_CONFIG, settings.clientId() + "-" + name);
        client.put(
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact(settings.requestTimeout().toMillis()));
        client.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        client.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        client.putAll(ClientProperties.ofAll(settings.clientProperties()));
        client.putAll(security);
        return client;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static io.gantry.routes.Answers.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.TopicPattern;
import io.gantry.api.UserProperty;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.Hops;
import io.gantry.connectors.spi.Template;
import io.gantry.testbed.LoopbackPorts;
import io.gantry.testbed.NoDevices;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@DisplayName("The preset aws-sqs, with ElasticMQ in place of the service")
class SqsIT {
    private static final TopicPattern PATTERN = TopicPattern.fromText("in/#");
    private static final String ACCOUNT = "000000000000";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static SQSRestServer server;
    private static String url = "";
    private static SqsClient client;

    private final Routes routes =
            Routes.create(Messages.IDS, (endpoint, state, detail) -> {}, new NoDevices(), "gateway1");

    @BeforeAll
    static void start() {
        server = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withDynamicPort()
                .start();
        InetSocketAddress address = server.waitUntilStarted().localAddress();
        url = "http://127.0.0.1:" + address.getPort();
        client = SqsClient.builder()
                .endpointOverride(URI.create(url))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIA", "x")))
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.stopAndWait();
    }

    @AfterEach
    void close() {
        routes.close();
    }

    private static CamelEndpointSettings settings(String url) {
        return new CamelEndpointSettings(
                CamelPreset.AWS_SQS, "eu-west-1", ACCOUNT, "AKIA", new Secret("x"), url, null, null, 20);
    }

    private void open() {
        routes.open("jobs", new CamelUriConnector(), settings(url));
    }

    private static void queue(String name) {
        client.createQueue(request -> request.queueName(name)
                .attributes(
                        name.endsWith(".fifo")
                                ? Map.of(
                                        QueueAttributeName.FIFO_QUEUE,
                                        "true",
                                        QueueAttributeName.VISIBILITY_TIMEOUT,
                                        "1")
                                : Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "1")));
    }

    private static int left(String queue) {
        Map<QueueAttributeName, String> counts = client.getQueueAttributes(
                        request -> request.queueUrl(url + "/" + ACCOUNT + "/" + queue)
                                .attributeNames(
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes();
        return counts.values().stream().mapToInt(Integer::parseInt).sum();
    }

    private static Message full(Payload payload) {
        return new Message(
                Messages.IDS.next(),
                new TopicName("in/überall"),
                payload,
                Qos.EXACTLY_ONCE,
                true,
                new MessageProperties(
                        PayloadFormat.BYTES,
                        600L,
                        "application/x-überall",
                        new TopicName("in/answer"),
                        Payload.owning(new byte[] {0, 1, (byte) 0xFF}),
                        List.of(
                                new UserProperty("b", "1"),
                                new UserProperty("a", "x=y&z"),
                                new UserProperty("b", "2"),
                                new UserProperty(Hops.NAME, "gateway7"))),
                new Origin.Device(new ClientId("d1"), "user"),
                System.currentTimeMillis());
    }

    @Test
    @DisplayName("a message comes back with everything MQTT said about it, and is taken out of the queue")
    void roundTrip() throws Exception {
        queue("round");
        open();
        Answers devices = new Answers(Delivery.accepted());
        routes.from("back", "jobs", new CamelFrom("round", true, true, Map.of()), devices);
        Sink sink = routes.to("there", "jobs", new CamelTo("round", null, Map.of(), true, true), PATTERN)
                .sink();
        routes.start();
        routes.startSources();
        Message sent = full(Payload.owning(new byte[] {0, 10, (byte) 0x80, (byte) 0xFF}));

        assertThat(deliver(sink, sent)).isEqualTo(Delivery.accepted());

        await().atMost(PATIENCE).until(() -> !devices.offered.isEmpty());
        Message came = devices.offered.get(0);
        assertThat(came.topic()).isEqualTo(sent.topic());
        assertThat(came.payload()).isEqualTo(sent.payload());
        assertThat(came.qos()).isEqualTo(sent.qos());
        assertThat(came.retain()).isTrue();
        assertThat(came.properties().withExpirySeconds(null))
                .isEqualTo(sent.properties().withExpirySeconds(null));
        assertThat(came.properties().expirySeconds()).isBetween(400L, 600L);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(left("round")).isZero());
    }

    @Test
    @DisplayName("text goes as it is; what is no text is rejected, and nothing of it is in the queue")
    void text() throws Exception {
        queue("text");
        open();
        Sink sink = routes.to("r", "jobs", new CamelTo("text"), PATTERN).sink();
        routes.start();

        assertThat(deliver(sink, Messages.published("in/a", "{\"t\": \"21 °C\"}")))
                .isEqualTo(Delivery.accepted());
        assertThat(deliver(sink, full(Payload.owning(new byte[] {(byte) 0xFF}))))
                .isInstanceOf(Delivery.Rejected.class);
        assertThat(deliver(sink, Messages.published("in/a", ""))).isInstanceOf(Delivery.Rejected.class);
        assertThat(deliver(sink, Messages.published("in/a", "a\u0001"))).isInstanceOf(Delivery.Rejected.class);

        assertThat(client.receiveMessage(request ->
                                request.queueUrl(url + "/" + ACCOUNT + "/text").maxNumberOfMessages(10))
                        .messages())
                .singleElement()
                .satisfies(message -> assertThat(message.body()).isEqualTo("{\"t\": \"21 °C\"}"));
    }

    @Test
    @DisplayName("a device that cannot be reached now gets the message again, and a rejected one is taken away")
    void acknowledges() throws Exception {
        queue("again");
        open();
        RefusingOnce devices = new RefusingOnce();
        routes.from("back", "jobs", new CamelFrom("again"), devices);
        routes.start();
        routes.startSources();

        client.sendMessage(
                request -> request.queueUrl(url + "/" + ACCOUNT + "/again").messageBody("later"));
        client.sendMessage(
                request -> request.queueUrl(url + "/" + ACCOUNT + "/again").messageBody("never"));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(devices.accepted()).isEqualTo(1));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(left("again")).isZero());
        assertThat(devices.offered("never")).isEqualTo(1);
        assertThat(devices.offered("later")).isEqualTo(2);
    }

    @Test
    @DisplayName("a FIFO queue keeps the order of a key, and takes a repeated message once")
    void fifo() throws Exception {
        queue("ordered.fifo");
        open();
        Sink sink = routes.to(
                        "r",
                        "jobs",
                        new CamelTo("ordered.fifo", Template.fromText("{topic}"), Map.of(), false, false),
                        PATTERN)
                .sink();
        routes.start();
        Message first = Messages.published("in/a", "1");

        assertThat(deliver(sink, first)).isEqualTo(Delivery.accepted());
        assertThat(deliver(sink, first)).isEqualTo(Delivery.accepted());
        assertThat(deliver(sink, Messages.published("in/a", "2"))).isEqualTo(Delivery.accepted());

        assertThat(client.receiveMessage(request -> request.queueUrl(url + "/" + ACCOUNT + "/ordered.fifo")
                                .maxNumberOfMessages(10))
                        .messages())
                .extracting(software.amazon.awssdk.services.sqs.model.Message::body)
                .containsExactly("1", "2");
    }

    @Test
    @DisplayName("a queue that does not exist parks the route; a service that is away is tried again")
    void failures() throws Exception {
        open();
        Sink missing =
                routes.to("r", "jobs", new CamelTo("no-such-queue"), PATTERN).sink();
        routes.open("away", new CamelUriConnector(), settings("http://127.0.0.1:" + LoopbackPorts.free()));
        Sink away = routes.to("s", "away", new CamelTo("jobs"), PATTERN).sink();
        routes.start();

        assertThat(deliver(missing, Messages.published("in/a", "x")))
                .isInstanceOfSatisfying(Delivery.Unavailable.class, parked -> assertThat(parked.retry())
                        .isEqualTo(Retry.whenMended()));
        assertThat(deliver(away, Messages.published("in/a", "x")))
                .isInstanceOfSatisfying(Delivery.Unavailable.class, later -> assertThat(later.code())
                        .isEqualTo(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR));
    }

    @Test
    @DisplayName("[R3] no header name that a device or an attribute brings is obeyed, either way")
    void headerInjection() throws Exception {
        queue("obeys");
        queue("other");
        open();
        Answers devices = new Answers(Delivery.accepted());
        Sink sink = routes.to("r", "jobs", new CamelTo("obeys", null, Map.of(), true, false), PATTERN)
                .sink();
        routes.from("back", "jobs", new CamelFrom("obeys", false, true, Map.of()), devices);
        routes.start();
        routes.startSources();
        List<UserProperty> evil = ControlHeaders.names().stream()
                .filter(name -> name.startsWith("CamelAwsSqs") || name.startsWith("CamelAws2"))
                .map(name -> new UserProperty(name, "deleteQueue"))
                .toList();
        assertThat(evil).isNotEmpty();
        Message sent = full(Payload.ofText("CamelAwsSqsOperation"));
        Message message = new Message(
                sent.id(),
                sent.topic(),
                sent.payload(),
                sent.qos(),
                false,
                sent.properties().replacingUserProperties(evil),
                new Origin.Device(new ClientId("CamelAwsSqsOperation"), "deleteQueue"),
                sent.receivedMillis());

        assertThat(deliver(sink, message)).isEqualTo(Delivery.accepted());

        await().atMost(PATIENCE).until(() -> !devices.offered.isEmpty());
        assertThat(devices.offered.get(0).properties().userProperties()).isEqualTo(evil);
        assertThat(devices.offered.get(0).payload().asText()).isEqualTo("CamelAwsSqsOperation");
        assertThat(new TreeSet<>(client.listQueues().queueUrls()).toString()).contains("/obeys", "/other");
    }
}

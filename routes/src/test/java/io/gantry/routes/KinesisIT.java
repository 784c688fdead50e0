// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static io.gantry.routes.Answers.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.gantry.api.Delivery;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.api.TopicPattern;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.Template;
import io.gantry.testbed.NoDevices;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

@DisplayName("The preset aws-kinesis, with Kinesalite in place of the service")
class KinesisIT {
    private static final TopicPattern PATTERN = TopicPattern.fromText("in/{device}");

    private static KinesaliteServer server;
    private static KinesisClient client;

    private final Routes routes =
            Routes.create(Messages.IDS, (endpoint, state, detail) -> {}, new NoDevices(), "gateway1");

    @BeforeAll
    static void start() throws Exception {
        server = KinesaliteServer.start();
        System.setProperty("aws.cborEnabled", "false");
        client = KinesisClient.builder()
                .endpointOverride(URI.create(server.url()))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIA", "x")))
                .build();
        client.createStream(request -> request.streamName("telemetry").shardCount(2));
        while (client.describeStream(request -> request.streamName("telemetry"))
                        .streamDescription()
                        .streamStatus()
                != StreamStatus.ACTIVE) {
            Thread.onSpinWait();
        }
    }

    @AfterAll
    static void stop() {
        if (client != null) {
            System.clearProperty("aws.cborEnabled");
            client.close();
            server.close();
        }
    }

    @BeforeEach
    void open() {
        routes.open(
                "stream",
                new CamelUriConnector(),
                new CamelEndpointSettings(
                        CamelPreset.AWS_KINESIS,
                        "eu-west-1",
                        null,
                        "AKIA",
                        new Secret("x"),
                        server.url(),
                        null,
                        null,
                        20));
    }

    @AfterEach
    void close() {
        routes.close();
    }

    private static List<Record> records() {
        List<Record> records = new ArrayList<>();
        for (Shard shard :
                client.listShards(request -> request.streamName("telemetry")).shards()) {
            String iterator = client.getShardIterator(request -> request.streamName("telemetry")
                            .shardId(shard.shardId())
                            .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                    .shardIterator();
            records.addAll(client.getRecords(request -> request.shardIterator(iterator))
                    .records());
        }
        return records;
    }

    @Test
    @DisplayName("each message is a record with a partition key of its own, or else its topic")
    void partitionKeys() throws Exception {
        Sink keyed = routes.to(
                        "r",
                        "stream",
                        new CamelTo("telemetry", Template.fromText("{device}"), Map.of(), false, false),
                        PATTERN)
                .sink();
        Sink plain = routes.to("s", "stream", new CamelTo("telemetry"), PATTERN).sink();
        routes.start();

        assertThat(deliver(keyed, Messages.published("in/d1", "21"))).isEqualTo(Delivery.accepted());
        assertThat(deliver(keyed, Messages.published("in/d2", "CamelAwsKinesisPartitionKey")))
                .isEqualTo(Delivery.accepted());
        assertThat(deliver(plain, Messages.published("in/d3", ""))).isEqualTo(Delivery.accepted());
        assertThat(deliver(keyed, Messages.published("in/" + "x".repeat(300), "1")))
                .isInstanceOf(Delivery.Rejected.class);

        assertThat(records())
                .extracting(Record::partitionKey, record -> record.data().asUtf8String())
                .containsExactlyInAnyOrder(
                        tuple("d1", "21"), tuple("d2", "CamelAwsKinesisPartitionKey"), tuple("in/d3", ""));
    }

    @Test
    @DisplayName("a stream that does not exist parks the route")
    void missingStream() throws Exception {
        Sink sink = routes.to("r", "stream", new CamelTo("nowhere"), PATTERN).sink();
        routes.start();

        assertThat(deliver(sink, Messages.published("in/d1", "21")))
                .isInstanceOfSatisfying(Delivery.Unavailable.class, parked -> assertThat(parked.retry())
                        .isEqualTo(Retry.whenMended()));
    }
}

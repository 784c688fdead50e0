// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.Template;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Presets of cloud services behind Camel components")
class CloudPresetsTest {
    private static final String ACCOUNT = "123456789012";
    private final CamelUriConnector connector = new CamelUriConnector();

    private static CamelEndpointSettings aws(
            CamelPreset preset, @Nullable String region, @Nullable String account, @Nullable String project) {
        return new CamelEndpointSettings(preset, region, account, null, null, null, project, null, 20);
    }

    private static void refused(String key, String text, ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains(key))
                .hasMessageContaining(text);
    }

    @Test
    @DisplayName("name the keys that are missing, and those that mean nothing to them")
    void keys() {
        refused("account", "preset aws-sqs", () -> aws(CamelPreset.AWS_SQS, "eu-west-1", null, null));
        refused("region", "preset aws-kinesis", () -> aws(CamelPreset.AWS_KINESIS, null, null, null));
        refused("project", "preset google-pubsub", () -> aws(CamelPreset.GOOGLE_PUBSUB, null, null, null));
        refused("project", "no meaning", () -> aws(CamelPreset.AWS_SQS, "eu-west-1", ACCOUNT, "plant-1"));
        refused(
                "region",
                "needs a preset",
                () -> new CamelEndpointSettings(null, "eu-west-1", null, null, null, null, null, null, 20));
        refused(
                "secret-key",
                "together with access-key",
                () -> new CamelEndpointSettings(
                        CamelPreset.AWS_KINESIS, "eu-west-1", null, "AKIAEXAMPLE", null, null, null, null, 20));
        refused(
                "max-in-flight",
                "1 to 1000",
                () -> new CamelEndpointSettings(null, null, null, null, null, null, null, null, 0));
    }

    @Test
    @DisplayName("refuse values that cannot be, without a secret in the message")
    void values() {
        refused("region", "such as eu-west-1", () -> aws(CamelPreset.AWS_SQS, "Frankfurt", ACCOUNT, null));
        refused("account", "twelve digits", () -> aws(CamelPreset.AWS_SQS, "eu-west-1", "12", null));
        refused("project", "6 to 30", () -> aws(CamelPreset.GOOGLE_PUBSUB, null, null, "P"));
        refused(
                "url",
                "https://host:port",
                () -> new CamelEndpointSettings(
                        CamelPreset.AWS_KINESIS, "eu-west-1", null, null, null, "https://h/path", null, null, 20));
        refused(
                "service-account",
                "can be read",
                () -> new CamelEndpointSettings(
                        CamelPreset.GOOGLE_PUBSUB, null, null, null, null, null, "plant-1", "no-such.json", 20));
        CamelEndpointSettings settings = new CamelEndpointSettings(
                CamelPreset.AWS_KINESIS, "eu-west-1", null, "AKIAEXAMPLE", new Secret("canary"), null, null, null, 20);
        assertThat(settings.toString()).doesNotContain("canary");
    }

    @Test
    @DisplayName("know the names of queues, streams and topics")
    void names() {
        CamelEndpointSettings sqs = aws(CamelPreset.AWS_SQS, "eu-west-1", ACCOUNT, null);
        CamelEndpointSettings kinesis = aws(CamelPreset.AWS_KINESIS, "eu-west-1", null, null);
        CamelEndpointSettings pubsub = aws(CamelPreset.GOOGLE_PUBSUB, null, null, "plant-1");

        connector.checkTo(sqs, new CamelTo("orders"));
        connector.checkFrom(sqs, new CamelFrom("orders.fifo"), List.of());
        connector.checkTo(kinesis, new CamelTo("telemetry.raw"));
        connector.checkTo(pubsub, new CamelTo("telemetry"));
        refused("uri", "name of a queue", () -> connector.checkTo(sqs, new CamelTo("aws2-sqs:orders")));
        refused("uri", "name of a queue", () -> connector.checkFrom(sqs, new CamelFrom("a/b"), List.of()));
        refused("uri", "name of a stream", () -> connector.checkTo(kinesis, new CamelTo("a?b=c")));
        refused("uri", "not beginning with goog", () -> connector.checkTo(pubsub, new CamelTo("google")));
    }

    @Test
    @DisplayName("refuse what a service does not have, rather than leave it out")
    void whatIsNotThere() {
        CamelEndpointSettings sqs = aws(CamelPreset.AWS_SQS, "eu-west-1", ACCOUNT, null);
        CamelEndpointSettings kinesis = aws(CamelPreset.AWS_KINESIS, "eu-west-1", null, null);
        Template key = Template.fromText("{site}");
        Map<String, Template> headers = Map.of("site", key);

        refused(
                "uri",
                "messages would be lost",
                () -> connector.checkFrom(kinesis, new CamelFrom("telemetry"), List.of()));
        refused(
                "properties",
                "no headers",
                () -> connector.checkTo(kinesis, new CamelTo("s", null, Map.of(), true, false)));
        refused(
                "headers",
                "no headers",
                () -> connector.checkTo(kinesis, new CamelTo("s", null, headers, false, false)));
        refused("headers", "10 attributes", () -> connector.checkTo(sqs, new CamelTo("q", null, headers, true, false)));
        refused("key", ".fifo", () -> connector.checkTo(sqs, new CamelTo("q", key, Map.of(), false, false)));
        refused("key", ".fifo", () -> connector.checkTo(sqs, new CamelTo("q.fifo")));
        refused(
                "key",
                "preset",
                () -> connector.checkTo(
                        CamelEndpointSettings.plain(), new CamelTo("log:x", key, Map.of(), false, false)));
    }

    @Test
    @DisplayName("[R2] a header that a component obeys has a fixed text or is refused")
    void obeyedHeaders() {
        Template filled = Template.fromText("{topic}");
        Template fixed = Template.fromText("last.json");

        assertThat(new CamelTo("file:out", null, Map.of("CamelFileName", fixed, "x-site", filled), false, false)
                        .headers())
                .hasSize(2);
        for (String name : ControlHeaders.names()) {
            if (name.chars().noneMatch(c -> c <= ' ')) {
                refused(
                        "headers",
                        "fixed text",
                        () -> new CamelTo("file:out", null, Map.of(name, filled), false, false));
            }
        }
        refused("headers", "without blanks", () -> new CamelTo("file:o", null, Map.of(" a", filled), false, false));
        refused(
                "headers",
                "the gateway sets it",
                () -> new CamelTo("file:o", null, Map.of("MQTT-Topic", fixed), false, false));
    }
}

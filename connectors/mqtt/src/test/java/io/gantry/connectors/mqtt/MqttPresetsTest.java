// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.Answer;
import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.QosChoice;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.RetainChoice;
import io.gantry.connectors.spi.Template;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Presets of cloud services that are MQTT brokers")
class MqttPresetsTest {
    private static final MessageId.Sequence IDS = new MessageId.Sequence(1, 1);

    @TempDir
    private Path directory = Path.of("");

    private static void refused(String key, String text, ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains(key))
                .hasMessageContaining(text);
    }

    private static MqttTo to(String topic, String qos) {
        return new MqttTo(Template.fromText(topic), QosChoice.fromText(qos), RetainChoice.KEEP);
    }

    private static MqttFrom from(Qos qos, String... filters) {
        return new MqttFrom(List.of(filters), qos, null, true, MqttFrom.Retained.NEW);
    }

    private PresetSettings aws() {
        return new PresetSettings(MqttPreset.AWS_IOT_CORE, directory)
                .url("mqtts://x-ats.iot.eu-west-1.amazonaws.com:443")
                .certificate();
    }

    private PresetSettings hub() {
        return new PresetSettings(MqttPreset.AZURE_IOT_HUB, directory)
                .url("mqtts://plant.azure-devices.net:8883")
                .clientId("gateway-1")
                .sharedAccessKey("+XLy+MVZ+aTeOnVzN2kLeB16O+kSxmz6g3rS6fAf6rw=");
    }

    @Test
    @DisplayName("aws-iot-core offers its protocol on port 443, speaks MQTT 5 and lowers QoS 2 to 1")
    void awsFillsIn() {
        MqttEndpointSettings settings = aws().settings();
        MqttEndpointSettings on8883 =
                aws().url("mqtts://x-ats.iot.eu-west-1.amazonaws.com").settings();

        settings.checkPreset();
        on8883.checkPreset();

        assertThat(settings.kind().alpn(settings)).containsExactly("x-amzn-mqtt-ca");
        assertThat(on8883.kind().alpn(on8883)).isEmpty();
        assertThat(settings.spoken()).isEqualTo(MqttVersion.V5);
        assertThat(settings.loweredTo()).isEqualTo(Qos.AT_LEAST_ONCE);
    }

    @Test
    @DisplayName("aws-iot-core refuses what AWS does not take, naming key and preset")
    void awsRefuses() {
        refused("url", "aws-iot-core", () -> new PresetSettings(MqttPreset.AWS_IOT_CORE, directory)
                .url("mqtt://x:1883")
                .settings()
                .checkPreset());
        refused("url", "mqtts://", () -> aws().url("wss://x:443/mqtt")
                .settings()
                .checkPreset());
        refused("tls", "cert and key", () -> new PresetSettings(MqttPreset.AWS_IOT_CORE, directory)
                .url("mqtts://x:8883")
                .settings()
                .checkPreset());
        refused("client-id", "128 bytes", () -> aws().clientId("ä".repeat(65))
                .settings()
                .checkPreset());
        refused("username", "must not be given", () -> aws().username("u")
                .settings()
                .checkPreset());
        refused("version", "must be 5, was 3.1.1, with preset aws-iot-core", () -> aws().version(MqttVersion.V311)
                .settings()
                .checkPreset());
        refused("max-qos", "at most 1, was 2", () -> aws().maxQos(Qos.EXACTLY_ONCE)
                .settings()
                .checkPreset());
        refused("session-expiry", "7d", () -> aws().sessionExpiry(Duration.ofDays(8))
                .settings()
                .checkPreset());
        refused("alpn", "x-amzn-mqtt-ca", () -> aws().alpn("mqtt").settings().checkPreset());
        refused("shared-access-key", "azure-iot-hub", () -> aws().sharedAccessKey("a2V5")
                .settings());
    }

    @Test
    @DisplayName("aws-iot-core checks levels, bytes, QoS and number of filters of routes; shadow topics pass")
    void awsRoutes() {
        MqttEndpointSettings settings = aws().settings();
        BrokerKind kind = settings.kind();

        kind.checkTo(settings, to("$aws/things/{client}/shadow/update", "1"));
        kind.checkFrom(settings, from(Qos.AT_LEAST_ONCE, "$aws/things/+/shadow/update/delta"));
        kind.checkTo(settings, to("$aws/rules/telemetry/a/b/c/d/e/f/g/h", "keep"));
        refused("topic", "7 slashes", () -> kind.checkTo(settings, to("a/b/c/d/e/f/g/h/{client}", "1")));
        refused("topic", "256 bytes", () -> kind.checkTo(settings, to("a".repeat(257), "1")));
        refused("filter", "7 slashes", () -> kind.checkFrom(settings, from(Qos.AT_MOST_ONCE, "a/b/c/d/e/f/g/h/#")));
        refused("qos", "at most 1 with preset aws-iot-core, was 2", () -> kind.checkTo(settings, to("a", "2")));
        refused(
                "filter",
                "at most 8",
                () -> kind.checkFrom(settings, from(Qos.AT_MOST_ONCE, "a", "b", "c", "d", "e", "f", "g", "h", "i")));
    }

    @Test
    @DisplayName("a message that AWS would answer by closing the connection is rejected instead")
    void limitsOfMessages() throws Exception {
        TopicLimits limits = aws().settings().kind().limits();

        limits.check("a/b/c/d/e/f/g/h", Payload.owning(new byte[128 << 10]));
        limits.check("$aws/rules/r/a/b/c/d/e/f/g/h", Payload.EMPTY);

        assertThatThrownBy(() -> limits.check("a", Payload.owning(new byte[(128 << 10) + 1])))
                .isInstanceOf(RejectedMessageException.class);
        assertThatThrownBy(() -> limits.check("a/b/c/d/e/f/g/h/i", Payload.EMPTY))
                .isInstanceOf(RejectedMessageException.class);
        assertThatThrownBy(() -> limits.check("ä".repeat(129), Payload.EMPTY))
                .isInstanceOf(RejectedMessageException.class);
    }

    @Test
    @DisplayName("azure-iot-hub makes user name and token of hub, device and key, anew for each connection")
    void hubLogin() {
        MqttEndpointSettings settings = hub().settings();
        settings.checkPreset();
        Instant[] now = {Instant.ofEpochSecond(1_471_936_763)};

        Login.Source logins = new AzureIotHub(() -> now[0]).logins(settings);
        Login first = logins.next();
        now[0] = now[0].plusSeconds(2_700);
        Login second = logins.next();

        assertThat(first.username()).isEqualTo("plant.azure-devices.net/gateway-1/?api-version=2021-04-12");
        assertThat(first.validFor()).isEqualTo(Duration.ofHours(1));
        assertThat(String.valueOf(
                        first.password() == null ? null : first.password().reveal()))
                .startsWith("SharedAccessSignature sr=plant.azure-devices.net%2Fdevices%2Fgateway-1&sig=")
                .endsWith("&se=1471940363");
        assertThat(String.valueOf(
                        second.password() == null ? null : second.password().reveal()))
                .endsWith("&se=1471943063");
        assertThat(settings.spoken()).isEqualTo(MqttVersion.V311);
        assertThat(settings.loweredTo()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(settings.toString() + first).doesNotContain("SharedAccessSignature", "+XLy");
    }

    @Test
    @DisplayName("azure-iot-hub refuses what contradicts it, and topics that the hub does not have")
    void hubRefuses() {
        refused("client-id", "id of the device", () -> hub().clientId(null)
                .settings()
                .checkPreset());
        refused("username", "azure-iot-hub", () -> hub().username("u")
                .settings()
                .checkPreset());
        refused("shared-access-key", "or else cert", () -> hub().sharedAccessKey(null)
                .settings()
                .checkPreset());
        refused("shared-access-key", "or else cert", () -> hub().certificate()
                .settings()
                .checkPreset());
        refused("shared-access-key", "Base64", () -> hub().sharedAccessKey("canary!")
                .settings()
                .checkPreset());
        refused("version", "3.1.1", () -> hub().version(MqttVersion.V5)
                .settings()
                .checkPreset());
        hub().sharedAccessKey(null).certificate().settings().checkPreset();

        MqttEndpointSettings settings = hub().settings();
        BrokerKind kind = settings.kind();
        kind.checkTo(settings, to("devices/gateway-1/messages/events/", "1"));
        kind.checkTo(settings, to("$iothub/twin/PATCH/properties/reported/?$rid={id}", "0"));
        kind.checkFrom(
                settings, from(Qos.AT_LEAST_ONCE, "devices/gateway-1/messages/devicebound/#", "$iothub/twin/res/#"));
        refused(
                "reply",
                "must be true",
                () -> kind.checkFrom(settings, from(Qos.AT_LEAST_ONCE, "$iothub/methods/POST/#")));
        refused(
                "topic",
                "devices/gateway-1/messages/events/",
                () -> kind.checkTo(settings, to("devices/other/messages/events/", "1")));
        refused("topic", "azure-iot-hub", () -> kind.checkTo(settings, to("plant/{client}", "1")));
        refused("filter", "devicebound", () -> kind.checkFrom(settings, from(Qos.AT_LEAST_ONCE, "#")));
    }

    private static Message message(String topic, MessageProperties properties) {
        return new Message(
                IDS.next(),
                new TopicName(topic),
                Payload.ofText("21"),
                Qos.AT_LEAST_ONCE,
                false,
                properties,
                new Origin.Device(new ClientId("d"), null),
                1);
    }

    @Test
    @DisplayName("azure-iot-hub carries properties in the topic of events, and reads those of messages to the device")
    void propertyBag() throws Exception {
        BrokerKind kind = hub().settings().kind();
        Message event = message(
                "a",
                new MessageProperties(
                        PayloadFormat.TEXT,
                        null,
                        "application/json",
                        null,
                        Payload.ofText("c-1"),
                        List.of(new UserProperty("site", "a&b=c/#+ ü"), new UserProperty("site", "2"))));

        String topic = kind.topicOf("devices/gateway-1/messages/events/", event);
        Message back = kind.arrived(message(topic.replace("/events/", "/devicebound/"), MessageProperties.NONE));

        assertThat(topic)
                .isEqualTo("devices/gateway-1/messages/events/%24.mid=" + event.id()
                        + "&%24.ct=application%2Fjson&%24.ce=utf-8&%24.cid=c-1"
                        + "&site=a%26b%3Dc%2F%23%2B%20%C3%BC&site=2");
        assertThat(TopicName.parse(topic)).isPresent();
        assertThat(back.topic().value()).isEqualTo("devices/gateway-1/messages/devicebound");
        assertThat(back.properties().contentType()).isEqualTo("application/json");
        assertThat(back.properties().payloadFormat()).isEqualTo(PayloadFormat.TEXT);
        assertThat(back.properties().correlationData()).isEqualTo(Payload.ofText("c-1"));
        assertThat(back.properties().userProperties())
                .containsExactly(
                        new UserProperty("$.mid", event.id().toString()),
                        new UserProperty("site", "a&b=c/#+ ü"),
                        new UserProperty("site", "2"));
        assertThat(kind.topicOf("$iothub/twin/GET/?$rid=1", event)).isEqualTo("$iothub/twin/GET/?$rid=1");
    }

    @Test
    @DisplayName("azure-iot-hub: a device cannot set the hub's own properties, and a broken bag harms nothing")
    void hostileBags() {
        BrokerKind kind = hub().settings().kind();

        assertThatThrownBy(() -> kind.topicOf(
                        "devices/gateway-1/messages/events/",
                        message(
                                "a",
                                MessageProperties.NONE.replacingUserProperties(
                                        List.of(new UserProperty("$.cdid", "other"))))))
                .isInstanceOf(RejectedMessageException.class);
        for (String bag : List.of("", "%zz=%", "=", "&&", "a", "%00=x", "$.ct", "a=b=c")) {
            assertThat(kind.arrived(message("devices/g/messages/devicebound/" + bag, MessageProperties.NONE))
                            .topic()
                            .value())
                    .isEqualTo("devices/g/messages/devicebound");
        }
    }

    @Test
    @DisplayName("azure-event-grid needs a certificate and the authentication name; hivemq-cloud a password")
    void others() {
        PresetSettings grid = new PresetSettings(MqttPreset.AZURE_EVENT_GRID, directory)
                .url("mqtts://plant.westeurope-1.ts.eventgrid.azure.net:8883");
        PresetSettings hivemq =
                new PresetSettings(MqttPreset.HIVEMQ_CLOUD, directory).url("mqtts://x.s1.eu.hivemq.cloud:8883");

        refused("tls", "azure-event-grid", () -> grid.settings().checkPreset());
        refused("username", "authentication name", () -> grid.certificate()
                .settings()
                .checkPreset());
        grid.username("gateway-1").settings().checkPreset();
        refused("keep-alive", "1160s", () -> grid.keepAlive(Duration.ofHours(1))
                .settings()
                .checkPreset());
        refused("username", "hivemq-cloud", () -> hivemq.settings().checkPreset());
        refused("password", "hivemq-cloud", () -> hivemq.username("u")
                .settings()
                .checkPreset());
        hivemq.password("p").settings().checkPreset();
        assertThat(hivemq.settings().loweredTo()).isNull();
        assertThatThrownBy(() -> grid.settings().kind().limits().check("a", Payload.owning(new byte[(512 << 10) + 1])))
                .isInstanceOf(RejectedMessageException.class);
    }

    @Test
    @DisplayName("a direct method is answered with the device's answer and status, or with why there is none")
    void directMethods() {
        List<String> published = new ArrayList<>();
        DirectMethods methods = new DirectMethods(
                answer -> published.add(answer.topic() + " " + answer.payload().asText()));
        String topic = "$iothub/methods/POST/reboot/?$rid=4f";
        MessageProperties status =
                MessageProperties.NONE.replacingUserProperties(List.of(new UserProperty("status", "409")));

        methods.answer(topic, Delivery.answered(new Answer(Payload.ofText("ok"), MessageProperties.NONE)));
        methods.answer(topic, Delivery.answered(new Answer(Payload.ofText("busy"), status)));
        methods.answer(topic, Answer.NOT_IN_TIME);
        methods.answer(topic, new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "no"));
        methods.answer(topic, new Delivery.Rejected(ReasonCode.NOT_AUTHORIZED, "no"));
        methods.answer("$iothub/methods/POST/reboot/?$rid=1&x", Delivery.accepted());

        assertThat(published)
                .containsExactly(
                        "$iothub/methods/res/200/?$rid=4f ok",
                        "$iothub/methods/res/409/?$rid=4f busy",
                        "$iothub/methods/res/504/?$rid=4f {}",
                        "$iothub/methods/res/503/?$rid=4f {}",
                        "$iothub/methods/res/400/?$rid=4f {}");
    }
}

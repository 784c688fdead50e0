// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static io.gantry.routes.Answers.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.TopicPattern;
import io.gantry.api.UserProperty;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.QosChoice;
import io.gantry.connectors.spi.RetainChoice;
import io.gantry.connectors.spi.Template;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A route to the devices")
class ToDevicesTest {
    private final Answers devices = new Answers(Delivery.accepted());

    private Sink sink(ToDevices settings) {
        return new DevicesSink(settings, TopicPattern.fromText("in/{site}/#"), devices);
    }

    private static ToDevices settings(String topic) {
        return settings(topic, "1", RetainChoice.FALSE, null);
    }

    private static ToDevices settings(String topic, String qos, RetainChoice retain, @Nullable Duration expiry) {
        return new ToDevices(Template.fromText(topic), QosChoice.fromText(qos), retain, expiry, null);
    }

    @Test
    @DisplayName("publishes with the Topic Name, QoS and retain of the route, and keeps the identity and the origin")
    void publishes() throws Exception {
        Message record = Messages.record("d1", new UserProperty("site", "north"));
        ToDevices settings = settings("sensors/{header.site}/{key}/commands", "2", RetainChoice.TRUE, null);

        Delivery delivery = deliver(sink(settings), record);

        assertThat(delivery).isEqualTo(Delivery.accepted());
        Message published = devices.offered.get(0);
        assertThat(published.topic().value()).isEqualTo("sensors/north/d1/commands");
        assertThat(published.qos()).isEqualTo(Qos.EXACTLY_ONCE);
        assertThat(published.retain()).isTrue();
        assertThat(published.id()).isEqualTo(record.id());
        assertThat(published.receivedMillis()).isEqualTo(record.receivedMillis());
        assertThat(published.origin()).isEqualTo(record.origin());
        assertThat(published.payload()).isEqualTo(record.payload());
    }

    @Test
    @DisplayName("keeps the QoS and the retain of the message where the route says so")
    void keeps() throws Exception {
        deliver(sink(settings("out", "keep", RetainChoice.KEEP, null)), Messages.published("in/x", ""));

        assertThat(devices.offered.get(0).qos()).isEqualTo(Qos.EXACTLY_ONCE);
        assertThat(devices.offered.get(0).retain()).isTrue();
    }

    @Test
    @DisplayName("sets the expiry of the route unless the message's own is shorter")
    void limitsTheExpiry() throws Exception {
        ToDevices settings = settings("out", "1", RetainChoice.FALSE, Duration.ofMinutes(1));

        deliver(sink(settings), Messages.published("in/x", ""));
        deliver(sink(settings), Messages.published("in/x", "", MessageProperties.NONE.withExpirySeconds(5L)));
        deliver(sink(settings), Messages.published("in/x", "", MessageProperties.NONE.withExpirySeconds(500L)));

        assertThat(devices.offered)
                .extracting(message -> message.properties().expirySeconds())
                .containsExactly(60L, 5L, 60L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "+", "#", "a+", "\u0000"})
    @DisplayName("rejects a value that would be more than one level or a wildcard")
    void rejectsBadValues(String key) throws Exception {
        assertThat(deliver(sink(settings("commands/{key}")), Messages.record(key)))
                .isInstanceOfSatisfying(Delivery.Rejected.class, rejected -> assertThat(rejected.code())
                        .isEqualTo(ReasonCode.TOPIC_NAME_INVALID));
        assertThat(devices.offered).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$SYS/x", "a/+/b", ""})
    @DisplayName("rejects a whole Topic Name out of data that is reserved, has a wildcard or is empty")
    void rejectsBadTopicNames(String key) throws Exception {
        assertThat(deliver(sink(settings("{key}")), Messages.record(key))).isInstanceOf(Delivery.Rejected.class);
        assertThat(devices.offered).isEmpty();
    }

    @Test
    @DisplayName("takes a whole Topic Name out of data when the template is that one value")
    void takesAWholeTopicName() throws Exception {
        assertThat(deliver(sink(settings("{key}")), Messages.record("a/b"))).isEqualTo(Delivery.accepted());
        assertThat(devices.offered.get(0).topic().value()).isEqualTo("a/b");
    }

    @Test
    @DisplayName("rejects a message that has no value for the template")
    void rejectsMissingValues() throws Exception {
        assertThat(deliver(sink(settings("commands/{key}")), Messages.record(null)))
                .isInstanceOf(Delivery.Rejected.class);
    }

    @Test
    @DisplayName("refuses settings that can never work, and names the key")
    void refusesSettings() {
        assertThatThrownBy(() -> settings("commands/+/{key}"))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains("topic"));
        assertThatThrownBy(() -> settings("$SYS/{key}")).isInstanceOf(InvalidSettingException.class);
        assertThatThrownBy(() -> settings("")).isInstanceOf(InvalidSettingException.class);
        assertThatThrownBy(() -> settings("x", "1", RetainChoice.FALSE, Duration.ofMillis(10)))
                .hasMessage("must be 1s to 4294967295s, was 10ms");
    }
}

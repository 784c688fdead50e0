// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.amqp.AmqpEndpointSettings.Sasl;
import io.gantry.connectors.spi.TlsSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The settings of the AMQP connector")
class AmqpSettingsTest {

    @Test
    @DisplayName("take brokers as a list, separated by commas, or both, with the ports of AMQP")
    void urls() {
        assertThat(Settings.endpoint("amqp://a, amqp://b.example:5673", "amqp://[::1]")
                        .url())
                .containsExactly("amqp://a:5672", "amqp://b.example:5673", "amqp://[::1]:5672");
        assertThat(Settings.endpoint("amqps://a/").url()).containsExactly("amqps://a:5671");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a:5672",
                "http://a",
                "amqp://",
                "amqp://a:0",
                "amqp://a:70000",
                "amqp://user:hunter2@a",
                "amqp://a?transport.trustAll=true",
                "amqp://a/vhost",
                "failover:(amqp://a)",
                "amqp://a b"
            })
    @DisplayName("refuse what is no broker, and show no password that stands there")
    void noUrl(String url) {
        assertThatThrownBy(() -> Settings.endpoint(url))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains("url"))
                .hasMessageNotContaining("hunter2");
    }

    @Test
    @DisplayName("refuse credentials and certificates that do not fit together")
    void credentials() {
        refuses("username", () -> Settings.endpoint(List.of("amqp://a"), "u", null, null, TlsSettings.PLAIN));
        refuses("password", () -> Settings.endpoint(List.of("amqp://a"), null, "p", null, TlsSettings.PLAIN));
        refuses("sasl", () -> Settings.endpoint(List.of("amqp://a"), null, null, Sasl.PLAIN, TlsSettings.PLAIN));
        refuses("sasl", () -> Settings.endpoint(List.of("amqps://a"), null, null, Sasl.EXTERNAL, TlsSettings.PLAIN));
        refuses("username", () -> Settings.endpoint(List.of("amqp://a"), "u", "p", Sasl.ANONYMOUS, TlsSettings.PLAIN));
        refuses("url", () -> Settings.endpoint("amqp://a,amqps://b"));
        refuses(
                "tls",
                () -> Settings.endpoint(
                        List.of("amqp://a"), null, null, null, new TlsSettings("pom.xml", null, null, null)));
        assertThat(Settings.endpoint("amqp://a").mechanism()).isEqualTo(Sasl.ANONYMOUS);
        assertThat(Settings.endpoint(List.of("amqp://a"), "u", "p", null, TlsSettings.PLAIN)
                        .mechanism())
                .isEqualTo(Sasl.PLAIN);
    }

    @Test
    @DisplayName("know whether whoever listens on the way learns the password")
    void inTheClear() {
        assertThat(Settings.endpoint(List.of("amqp://a"), "u", "p", null, TlsSettings.PLAIN)
                        .tellsSecretsInTheClear())
                .isTrue();
        assertThat(Settings.endpoint(List.of("amqps://a"), "u", "p", null, TlsSettings.PLAIN)
                        .tellsSecretsInTheClear())
                .isFalse();
        assertThat(Settings.endpoint(List.of("amqp://a"), null, null, null, TlsSettings.PLAIN)
                        .tellsSecretsInTheClear())
                .isFalse();
    }

    private static void refuses(String key, org.assertj.core.api.ThrowableAssert.ThrowingCallable making) {
        assertThatThrownBy(making)
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains(key));
    }

    @ParameterizedTest
    @CsvSource({
        "x-site, x_site",
        "1st, _1st",
        "site name, site_name",
        "and, x_and",
        "JMSType, x_JMSType",
        "_AMQ_SCHED_DELIVERY, x__AMQ_SCHED_DELIVERY",
        "mqtt_topic, x_mqtt_topic",
        "CamelJmsDestinationName, x_CamelJmsDestinationName"
    })
    @DisplayName("refuse application properties that JMS or somebody else has a rule for, and say what to write")
    void propertyNames(String name, String suggestion) {
        assertThatThrownBy(() -> Settings.to("q", AddressKind.QUEUE, Map.of(name, "x"), false))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains("headers"))
                .hasMessageContaining("write '" + suggestion + "'");
    }

    @Test
    @DisplayName("refuse addresses, selectors and names that cannot be")
    void addresses() {
        refuses("address", () -> Settings.to(""));
        refuses("address", () -> Settings.to("a b"));
        refuses("address", () -> Settings.to("ä{x}"));
        refuses("address", () -> Settings.from("x".repeat(256)));
        refuses("selector", () -> Settings.topic("t", "s", "site ="));
        refuses("subscription", () -> Settings.topic("t", " ", null));
        refuses("headers", () -> Settings.to("q", AddressKind.QUEUE, Map.of("a", "1", "A", "2"), false));
    }
}

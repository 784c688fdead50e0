// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.InvalidSettingException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Settings of a remote broker")
class MqttSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "mqtt://h, mqtt://h:1883",
        "mqtts://h, mqtts://h:8883",
        "ws://h/mqtt, ws://h:80",
        "wss://h:8443/a?b=c, wss://h:8443",
        "mqtt://[::1]:5, mqtt://[::1]:5"
    })
    @DisplayName("take the urls of brokers, with the standard ports")
    void urls(String url, String shown) {
        assertThat(BrokerUrl.parse(url)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"h:1883", "http://h", "mqtt://", "mqtt://u:p@h", "mqtt://h/path", "mqtt://h:99999", "mqtt://a b"
            })
    @DisplayName("refuse other urls, and say which key is wrong")
    void otherUrls(String url) {
        assertThatThrownBy(() -> Settings.at(url).build())
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains("url"));
    }

    @Test
    @DisplayName(
            "refuse urls with and without TLS at once: who blocks the one would have the password by the other [B11]")
    void someWithoutTls() {
        assertThatThrownBy(() -> Settings.at("mqtts://h", "mqtt://h").build())
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("for all, or for none");
        assertThat(Settings.at("mqtts://h", "wss://h/mqtt").build().url()).hasSize(2);
        assertThat(Settings.at("mqtt://h", "ws://h/mqtt").build().url()).hasSize(2);
    }

    @Test
    @DisplayName("refuse TLS settings that no url would use, and a Receive Maximum of 0")
    void unused() {
        assertThatThrownBy(() -> Settings.at("mqtt://h").alpn("x").build()).hasMessageContaining("mqtts://");
        assertThatThrownBy(() -> Settings.at("mqtt://h").receiveMaximum(0).build())
                .hasMessageContaining("1 to 65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/#/b", "a+", "$share/g/a", ""})
    @DisplayName("refuse what is no Topic Filter, and a group that is not given by its key")
    void filters(String filter) {
        assertThatThrownBy(() -> Settings.from(filter)).isInstanceOf(InvalidSettingException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "+", "#", ""})
    @DisplayName("refuse what is no name of a group")
    void groups(String group) {
        assertThatThrownBy(() -> Settings.shared("a", group)).isInstanceOf(InvalidSettingException.class);
    }

    @Test
    @DisplayName("know whether whoever listens on the way learns the password")
    void inTheClear() {
        assertThat(Settings.at("mqtt://h").login("u", "p").build().tellsSecretsInTheClear())
                .isTrue();
        assertThat(Settings.at("ws://h/").login("u", "p").build().tellsSecretsInTheClear())
                .isTrue();
        assertThat(Settings.at("mqtts://h").login("u", "p").build().tellsSecretsInTheClear())
                .isFalse();
        assertThat(Settings.at("mqtt://h").build().tellsSecretsInTheClear()).isFalse();
    }

    @Test
    @DisplayName("never print the password")
    void secret() {
        assertThat(Settings.at("mqtt://h").login("u", "hunter2").build().toString())
                .doesNotContain("hunter2");
    }
}

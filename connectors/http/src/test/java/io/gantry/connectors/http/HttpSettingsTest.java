// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.InvalidSettingException;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The settings of the HTTP connector")
class HttpSettingsTest {
    private static final String URL = "https://api.example";

    @Test
    @DisplayName("take a user with a password, or a token, and never both")
    void credentials() {
        assertThatCode(() -> Settings.withCredentials(URL, "plant", "", null)).doesNotThrowAnyException();
        assertThatCode(() -> Settings.withCredentials(URL, null, null, "t")).doesNotThrowAnyException();
        assertRefused("username", () -> Settings.withCredentials(URL, "plant", null, null));
        assertRefused("password", () -> Settings.withCredentials(URL, null, "hunter2", null));
        assertRefused("username", () -> Settings.withCredentials(URL, "pl:ant", "hunter2", null));
        assertRefused("token", () -> Settings.withCredentials(URL, "plant", "hunter2", "hunter2"));
        assertRefused("token", () -> Settings.withCredentials(URL, null, null, "hunter2\r\nX: y"));
        assertRefused("token", () -> Settings.withCredentials(URL, null, null, "hunter 2"));
        assertRefused("token", () -> Settings.withCredentials(URL, null, null, ""));
    }

    @Test
    @DisplayName("never print a password or a token")
    void secrets() {
        assertThat(Settings.withCredentials(URL, "plant", "hunter2", null).toString())
                .doesNotContain("hunter2");
        assertThat(Settings.withCredentials(URL, null, null, "hunter2").toString())
                .doesNotContain("hunter2");
    }

    @Test
    @DisplayName("bound every wait, every connection and every answer")
    void bounds() {
        assertRefused("response-timeout", () -> Settings.endpoint(URL, Duration.ZERO));
        assertRefused("response-timeout", () -> Settings.endpoint(URL, Duration.ofHours(1)));
        assertRefused("max-connections", () -> Settings.endpoint(URL, Duration.ofSeconds(1), 0));
        assertRefused("max-connections", () -> Settings.endpoint(URL, Duration.ofSeconds(1), 1_001));
        assertRefused("connect-timeout", () -> sized(Duration.ofMillis(99), "1KiB"));
        assertRefused("connect-timeout", () -> sized(Duration.ofSeconds(61), "1KiB"));
        assertRefused("max-response-size", () -> sized(Duration.ofSeconds(1), "65MiB"));
    }

    private static HttpEndpointSettings sized(Duration connectTimeout, String maxResponseSize) {
        Settings.EndpointDraft draft = new Settings.EndpointDraft(URL);
        draft.connectTimeout = connectTimeout;
        draft.maxResponseSize = maxResponseSize;
        return draft.settings();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "content-length",
                "Transfer-Encoding",
                "CONNECTION",
                "Expect",
                "Upgrade",
                "TE",
                "Trailer",
                "Proxy-Authorization",
                "Authorization",
                "Content-Type",
                "idempotency-key",
                "CamelHttpUri",
                "mqtt-topic",
                "Gantry-Hops",
                "",
                "a b",
                "a:b",
                "a\r\nb",
                "ä"
            })
    @DisplayName("refuse headers that are not a route's to set")
    void headers(String name) {
        assertRefused("headers", () -> Settings.to("/in", Map.of(), Map.of(name, "x")));
    }

    @Test
    @DisplayName("refuse headers twice in different case, values that no header can have, and a query without a name")
    void values() {
        assertRefused("headers", () -> Settings.to("/in", Map.of(), Map.of("X-A", "1", "x-a", "2")));
        assertRefused("headers", () -> Settings.to("/in", Map.of(), Map.of("X-A", "a\nb")));
        assertRefused("headers", () -> Settings.to("/in", Map.of(), Map.of("X-A", "ä{site}")));
        assertRefused("query", () -> Settings.to("/in", Map.of("", "1"), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "", "text/", "/x", "text/plain;", "text/plain; a", "a/b\r\nX: y", "a/b;c=\"d"})
    @DisplayName("refuse a content type that is not a media type")
    void contentType(String text) {
        assertRefused("content-type", () -> Settings.withContentType(text));
    }

    @Test
    @DisplayName("refuse a content type that takes long to look at")
    void longContentType() {
        assertThat(MediaType.isWellFormed("a/" + "b".repeat(253))).isTrue();
        assertThat(MediaType.isWellFormed("a/" + "b".repeat(254))).isFalse();
        assertThat(MediaType.isWellFormed("a/b" + ";a=\"\\".repeat(100_000))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT", "post", "", "GET /", "G\r\nET"})
    @DisplayName("refuse methods that open a tunnel, give back credentials, or are none")
    void methods(String text) {
        assertThatThrownBy(() -> HttpTo.Method.fromText(text))
                .hasMessage("must be GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE, was '" + text + "'");
    }

    @Test
    @DisplayName("know whether whoever listens on the way learns password or token")
    void inTheClear() {
        assertThat(Settings.withCredentials("http://h", "u", "p", null).tellsSecretsInTheClear())
                .isTrue();
        assertThat(Settings.withCredentials("http://h", null, null, "t").tellsSecretsInTheClear())
                .isTrue();
        assertThat(Settings.withCredentials("https://h", "u", "p", null).tellsSecretsInTheClear())
                .isFalse();
        assertThat(Settings.withCredentials("http://h", null, null, null).tellsSecretsInTheClear())
                .isFalse();
    }

    private static void assertRefused(String key, ThrowingCallable settings) {
        assertThatThrownBy(settings).isInstanceOfSatisfying(InvalidSettingException.class, refused -> {
            assertThat(refused.key()).contains(key);
            assertThat(refused).hasMessageNotContaining("hunter");
        });
    }
}

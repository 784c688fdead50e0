// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.http.BatchSettings.Format;
import io.gantry.connectors.http.OAuthSettings.ClientAuthentication;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The settings of the HTTP connector, where keys meet")
class ToSettingsTest {
    private static final BatchSettings BATCH = Settings.batch(500, Duration.ofMillis(50), Format.JSON_ARRAY);

    @Test
    @DisplayName("bound batches in number, bytes and time")
    void batch() {
        assertRefused("max", () -> Settings.batch(0, Duration.ZERO, Format.NDJSON));
        assertRefused("max", () -> Settings.batch(10_001, Duration.ZERO, Format.NDJSON));
        assertRefused("wait", () -> Settings.batch(1, Duration.ofSeconds(11), Format.NDJSON));
        assertRefused(
                "max-bytes", () -> new BatchSettings(1, Duration.ZERO, ByteSize.fromText("65MiB"), Format.NDJSON));
    }

    @Test
    @DisplayName("refuse a batch whose messages would not share what is outside the body")
    void shared() {
        assertRefused("batch", () -> batched("/in/{site}", Map.of(), Map.of(), null));
        assertRefused("batch", () -> batched("/in", Map.of("q", "{site}"), Map.of(), null));
        assertRefused("batch", () -> batched("/in", Map.of(), Map.of("X", "{site}"), null));
        assertRefused("batch", () -> batched("/in", Map.of(), Map.of(), "text/{site}"));
        assertThatCode(() -> batched("/in", Map.of("q", "x"), Map.of("X", "y"), "text/x-json"))
                .doesNotThrowAnyException();
    }

    private static void batched(
            String path, Map<String, String> query, Map<String, String> headers, @Nullable String contentType) {
        Settings.ToDraft draft = new Settings.ToDraft(path);
        draft.batch = BATCH;
        draft.query = Settings.templates(query);
        draft.headers = Settings.templates(headers);
        draft.contentType = contentType == null ? null : Template.fromText(contentType);
        draft.settings();
    }

    @Test
    @DisplayName("refuse a batch with an answer or with properties, which are one message's")
    void batchAlone() {
        Settings.ToDraft answered = new Settings.ToDraft("/in");
        answered.batch = BATCH;
        answered.reply = true;
        Settings.ToDraft withProperties = new Settings.ToDraft("/in");
        withProperties.batch = BATCH;
        withProperties.properties = true;

        assertRefused("batch", answered::settings);
        assertRefused("batch", withProperties::settings);
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpTo.Method.class,
            names = {"GET", "HEAD", "OPTIONS", "DELETE"})
    @DisplayName("refuse what is said of a body that the method does not have")
    void bodies(HttpTo.Method method) {
        Settings.ToDraft json = new Settings.ToDraft("/in");
        json.method = method;
        json.body = HttpTo.Body.JSON;
        Settings.ToDraft packed = new Settings.ToDraft("/in");
        packed.method = method;
        packed.compression = HttpTo.Compression.GZIP;
        Settings.ToDraft batch = new Settings.ToDraft("/in");
        batch.method = method;
        batch.batch = BATCH;

        assertRefused("method", json::settings);
        assertRefused("method", packed::settings);
        assertRefused("method", batch::settings);
    }

    @Test
    @DisplayName("refuse a reply-topic without reply, and a second Content-Encoding")
    void others() {
        Settings.ToDraft topic = new Settings.ToDraft("/in");
        topic.replyTopic = Template.fromText("answers");
        Settings.ToDraft packed = new Settings.ToDraft("/in");
        packed.compression = HttpTo.Compression.GZIP;
        packed.headers = Settings.templates(Map.of("content-encoding", "br"));

        assertRefused("reply-topic", topic::settings);
        assertRefused("headers", packed::settings);
        packed.compression = HttpTo.Compression.NONE;
        assertThatCode(packed::settings).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("take one way to say who the gateway is")
    void credentials() {
        Settings.EndpointDraft draft = new Settings.EndpointDraft("https://api.example");
        draft.oauth = oauth("https://login.example/token", "plant", "hunter2");
        assertThatCode(draft::settings).doesNotThrowAnyException();
        assertThat(draft.settings().toString()).doesNotContain("hunter2");
        draft.token = new Secret("hunter2");
        assertRefused("oauth", draft::settings);
        draft.token = null;
        draft.username = "plant";
        draft.password = new Secret("hunter2");
        assertRefused("oauth", draft::settings);
    }

    private static OAuthSettings oauth(String url, String id, String secret) {
        return new OAuthSettings(url, id, new Secret(secret), null, null, ClientAuthentication.BASIC);
    }

    @Test
    @DisplayName("refuse a token service without a host, an id or a secret")
    void tokenService() {
        assertRefused("token-url", () -> oauth("/token", "plant", "x"));
        assertRefused("token-url", () -> oauth("ftp://h", "plant", "x"));
        assertRefused("token-url", () -> oauth("https://u:hunter2@h", "plant", "x"));
        assertRefused("client-id", () -> oauth("https://h", "", "x"));
        assertRefused("client-secret", () -> oauth("https://h", "plant", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example",
                "http://proxy.example",
                "https://proxy.example:3128",
                "socks://proxy.example:1080",
                "http://proxy.example:3128/path",
                "http://u:hunter2@proxy.example:3128"
            })
    @DisplayName("refuse a proxy that is none")
    void proxies(String url) {
        assertRefused("url", () -> new ProxySettings(url, null, null));
    }

    @Test
    @DisplayName("refuse half of a proxy's credentials, and a proxy that would look up what must be checked here")
    void proxy() {
        assertRefused("username", () -> new ProxySettings("http://p:1", "u", null));
        assertRefused("password", () -> new ProxySettings("http://p:1", null, new Secret("hunter2")));
        assertThat(new ProxySettings("http://p:1", "u", new Secret("hunter2")).toString())
                .doesNotContain("hunter2");
        Settings.EndpointDraft draft = new Settings.EndpointDraft("https://api.example");
        draft.proxy = new ProxySettings("http://p:1", null, null);
        draft.denyPrivateAddresses = true;
        assertRefused("deny-private-addresses", draft::settings);
    }

    @Test
    @DisplayName("refuse certificates where nothing is encrypted")
    void tls() {
        Settings.EndpointDraft draft = new Settings.EndpointDraft("http://api.example");
        draft.tls = TlsSettings.PLAIN;
        assertRefused("tls", draft::settings);
        draft.oauth = oauth("https://login.example", "plant", "x");
        assertThatCode(draft::settings).doesNotThrowAnyException();
    }

    private static void assertRefused(String key, ThrowingCallable settings) {
        assertThatThrownBy(settings).isInstanceOfSatisfying(InvalidSettingException.class, refused -> {
            assertThat(refused.key()).contains(key);
            assertThat(refused).hasMessageNotContaining("hunter");
        });
    }
}

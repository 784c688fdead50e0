// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.security.ServerTlsSettings.NamedCertificate;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The settings of the CoAP connector")
class CoapSettingsTest {
    private static final Settings URL = Settings.url("coaps://h");
    private static final Settings LISTEN = Settings.listen("coaps://127.0.0.1:5684");
    private static final Map<String, String> KEYS = Map.of("meter-1", "hunter2");

    @ParameterizedTest
    @CsvSource({
        "coap://h, coap://h:5683",
        "coaps://h, coaps://h:5684",
        "coap://10.0.0.7:61616, coap://10.0.0.7:61616",
        "'coap://[::1]', 'coap://[::1]:5683'"
    })
    @DisplayName("take the URL of a server, with the ports of RFC 7252")
    void urls(String url, String shown) {
        assertThat(CoapAddress.ofTarget(url)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "h",
                "http://h",
                "coap://",
                "coap://user:hunter2@h",
                "coap://h/path",
                "coap://h?q=hunter2",
                "coap://h#f",
                "coap://h:0",
                "coap://h:70000",
                "coap+tcp://h",
                "coap://h h"
            })
    @DisplayName("refuse what is no URL of a server, and do not repeat it")
    void wrongUrls(String url) {
        assertRefused("url", () -> Settings.url(url).endpoint());
    }

    @Test
    @DisplayName("take one of url and listen")
    void oneOfBoth() {
        assertRefused("url", () -> new Settings(
                        null,
                        null,
                        null,
                        null,
                        null,
                        Map.of(),
                        null,
                        Duration.ofSeconds(2),
                        4,
                        Duration.ofSeconds(30),
                        1,
                        1,
                        1,
                        100,
                        "1KiB")
                .endpoint());
        assertRefused("listen", () -> new Settings(
                        "coap://h",
                        new CoapListen("127.0.0.1:1", null, false, List.of(), false),
                        null,
                        null,
                        null,
                        Map.of(),
                        null,
                        Duration.ofSeconds(2),
                        4,
                        Duration.ofSeconds(30),
                        1,
                        1,
                        1,
                        100,
                        "1KiB")
                .endpoint());
        assertRefused("address", () -> Settings.listen("coap://"));
        assertRefused("topics", () -> URL.withTopics("/ps").endpoint());
    }

    @Test
    @DisplayName("take a key with its identity, or certificates, and only for coaps")
    void keys() {
        assertThatCode(() -> URL.withPsk("gateway", "hunter2").endpoint()).doesNotThrowAnyException();
        assertThatCode(() -> URL.withPsk("gateway", "hex:00ff").endpoint()).doesNotThrowAnyException();
        assertThatCode(() -> LISTEN.withClients(KEYS).endpoint()).doesNotThrowAnyException();
        assertRefused("psk-identity", () -> URL.withPsk(null, "hunter2").endpoint());
        assertRefused("psk", () -> URL.withPsk("gateway", null).endpoint());
        assertRefused("psk", () -> URL.withPsk("gateway", "").endpoint());
        assertRefused("psk", () -> URL.withPsk("gateway", "hex:hunter").endpoint());
        assertRefused("psk", () -> URL.withPsk("gateway", "hunter".repeat(11)).endpoint());
        assertRefused(
                "psk",
                () -> Settings.url("coap://h").withPsk("gateway", "hunter2").endpoint());
        assertRefused("psk", () -> URL.withPsk("gateway", "hunter2")
                .withTls(TlsSettings.PLAIN)
                .endpoint());
        assertRefused(
                "tls", () -> Settings.url("coap://h").withTls(TlsSettings.PLAIN).endpoint());
        assertRefused(
                "tls", () -> LISTEN.withClients(KEYS).withTls(TlsSettings.PLAIN).endpoint());
        assertRefused("clients", LISTEN::endpoint);
        assertRefused("clients", () -> URL.withClients(KEYS).endpoint());
        assertRefused(
                "clients",
                () -> Settings.listen("127.0.0.1:1").withClients(KEYS).endpoint());
        assertRefused(
                "clients", () -> LISTEN.withClients(Map.of("a/b", "hunter2")).endpoint());
        assertRefused(
                "psk",
                () -> LISTEN.withClients(KEYS).withPsk("gateway", "hunter2").endpoint());
    }

    @Test
    @DisplayName("take certificates for listening by DTLS, and nothing of them that DTLS cannot do")
    void certificates() {
        assertThatCode(() -> Settings.listen(listen("coaps://0.0.0.0", List.of(), false, 5))
                        .endpoint())
                .doesNotThrowAnyException();
        assertThat(new CoapListen("coaps://h", tls(List.of(), false, 5), false, List.of(), false).asksForCertificate())
                .isTrue();
        assertRefused("tls", () -> listen("coap://h", List.of(), false, 5));
        assertThatCode(() -> listen("coaps://h", List.of(new NamedCertificate("b.p12", null, null)), false, 5))
                .doesNotThrowAnyException();
        assertThatCode(() -> listen("coaps://h", List.of(), true, 6)).doesNotThrowAnyException();
        assertRefused("tls", () -> listen("coaps://h", List.of(), false, 6));
    }

    private static CoapListen listen(String address, List<NamedCertificate> sni, boolean ocsp, int seconds) {
        return new CoapListen(address, tls(sni, ocsp, seconds), false, List.of(), false);
    }

    private static ServerTlsSettings tls(List<NamedCertificate> sni, boolean ocsp, int seconds) {
        return new ServerTlsSettings("a.p12", null, null, sni, "ca.pem", null, null, ocsp, Duration.ofSeconds(seconds));
    }

    @Test
    @DisplayName("say of any other than a loopback address who may call, if anybody may, or that security: does")
    void elsewhere() {
        assertThatCode(() -> at("coap://127.0.0.1", false, List.of(), false)).doesNotThrowAnyException();
        assertThatCode(() -> at("coap://[::1]", false, List.of(), false)).doesNotThrowAnyException();
        assertThatCode(() -> at("coap://0.0.0.0", false, List.of(), true)).doesNotThrowAnyException();
        assertThatCode(() -> at("coap://0.0.0.0", true, List.of(), false)).doesNotThrowAnyException();
        assertRefused("listen", () -> at("coap://0.0.0.0", false, List.of(), false));
        assertRefused("listen", () -> at("coap://127.gateway.example", false, List.of(), false));
        assertRefused("listen", () -> at("coap://0.0.0.0", true, List.of(), true));
        assertRefused("role", () -> at("coap://127.0.0.1", false, List.of("device"), false));
        assertRefused("clients", () -> at("coap://127.0.0.1", true, List.of("device"), false));
    }

    private static CoapEndpointSettings at(String address, boolean security, List<String> role, boolean anonymous) {
        return Settings.listen(new CoapListen(address, null, security, role, anonymous))
                .endpoint();
    }

    @Test
    @DisplayName("never print a key")
    void secrets() {
        assertThat(URL.withPsk("gateway", "hunter2").endpoint().toString()).doesNotContain("hunter2");
        assertThat(LISTEN.withClients(KEYS).endpoint().toString()).doesNotContain("hunter2");
    }

    @Test
    @DisplayName("bound every wait, number and size")
    void bounds() {
        assertRefused("ack-timeout", () -> waits(Duration.ofMillis(99), 4, Duration.ofSeconds(1)));
        assertRefused("max-retransmit", () -> waits(Duration.ofSeconds(1), 11, Duration.ofSeconds(1)));
        assertRefused("response-timeout", () -> waits(Duration.ofSeconds(1), 4, Duration.ofHours(1)));
        assertRefused(
                "max-in-flight", () -> URL.withLimits(0, 1, 1, 100, "1KiB").endpoint());
        assertRefused(
                "max-observers", () -> URL.withLimits(1, -1, 1, 100, "1KiB").endpoint());
        assertRefused("max-requests", () -> URL.withLimits(1, 1, 0, 100, "1KiB").endpoint());
        assertRefused(
                "max-remembered", () -> URL.withLimits(1, 1, 1, 99, "1KiB").endpoint());
        assertRefused(
                "max-response-size", () -> URL.withLimits(1, 1, 1, 100, "17MiB").endpoint());
    }

    private static CoapEndpointSettings waits(Duration ack, int retransmit, Duration response) {
        return URL.withWaits(ack, retransmit, response).endpoint();
    }

    @Test
    @DisplayName("of a route's to refuse what CoAP cannot say")
    void to() {
        assertRefused("content-type", () -> to(CoapTo.Confirmable.BY_QOS, "text/x-own", false, null));
        assertRefused("confirmable", () -> to(CoapTo.Confirmable.NEVER, null, true, null));
        assertRefused("reply-topic", () -> to(CoapTo.Confirmable.BY_QOS, null, false, Template.fromText("a")));
        assertRefused("query", () -> Settings.to("/a", CoapMethod.GET, Map.of("", "x"), false, false));
        assertRefused("query", () -> Settings.to("/a", CoapMethod.GET, Map.of("a=b", "x"), false, false));
        assertRefused("query", () -> Settings.to("/a", CoapMethod.GET, Map.of("a", "x&y"), false, false));
        assertThatCode(() -> to(CoapTo.Confirmable.ALWAYS, "application/json", true, Template.fromText("a/{topic}")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> CoapMethod.fromText("PATCH")).hasMessageContaining("must be GET, POST, PUT or DELETE");
    }

    private static CoapTo to(
            CoapTo.Confirmable confirmable,
            @Nullable String contentType,
            boolean reply,
            @Nullable Template replyTopic) {
        return new CoapTo(
                Template.fromText("/a"), CoapMethod.POST, Map.of(), confirmable, contentType, false, reply, replyTopic);
    }

    @Test
    @DisplayName("of a route's from need a method, and a time that is no longer than ten minutes")
    void from() {
        assertRefused("methods", () -> from(List.of(), Duration.ofSeconds(1)));
        assertRefused("reply-timeout", () -> from(List.of(CoapMethod.POST), Duration.ofHours(1)));
        assertRefused("reply-timeout", () -> from(List.of(CoapMethod.POST), Duration.ZERO));
    }

    private static CoapFrom from(List<CoapMethod> methods, Duration replyTimeout) {
        return new CoapFrom("a", methods, true, replyTimeout, false, Map.of());
    }

    @Test
    @DisplayName("are checked against each other: a route starts where something listens, on a path of its own")
    void together() {
        CoapConnector connector = new CoapConnector();
        CoapEndpointSettings listening = LISTEN.withClients(KEYS).endpoint();
        CoapFrom from = Settings.from("in/{a}");

        connector.checkFrom(listening, from, List.of(Settings.from("in")));
        connector.checkTo(URL.endpoint(), Settings.to("/a"));
        assertThatThrownBy(() -> connector.checkFrom(URL.endpoint(), from, List.of()))
                .hasMessageContaining("this one has a url");
        assertThatThrownBy(() -> connector.checkTo(listening, Settings.to("/a")))
                .hasMessageContaining("this one listens");
        assertRefused("path", () -> connector.checkFrom(listening, from, List.of(Settings.from("in/{b}"))));
    }

    private static void assertRefused(String key, ThrowingCallable settings) {
        assertThatThrownBy(settings).isInstanceOfSatisfying(InvalidSettingException.class, refused -> {
            assertThat(refused.key()).contains(key);
            assertThat(refused).hasMessageNotContaining("hunter");
        });
    }
}

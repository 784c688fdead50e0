// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.ListenAddress;
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

@DisplayName("The settings of the HTTP listener")
class HttpListenTest {

    private static HttpListen at(
            String address,
            @Nullable String username,
            @Nullable String password,
            @Nullable String token,
            boolean anonymous) {
        return Listening.listen(address, username, password, token, anonymous, null, Listening.LIMITS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8081", "127.9.9.9:0", "localhost:1", "LocalHost:65535", "[::1]:8081"})
    @DisplayName("need no credentials on a loopback address")
    void loopback(String address) {
        assertThatCode(() -> at(address, null, null, null, false)).doesNotThrowAnyException();
        assertThat(at(address, null, null, null, false).address()).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:8081", "10.0.0.1:8081", "[::]:8081", "[::2]:8081", "128.0.0.1:1"})
    @DisplayName("need credentials, or the plain word that there are none, on any other address")
    void elsewhere(String address) {
        assertRefused("address", () -> at(address, null, null, null, false));
        assertThatCode(() -> at(address, "u", "p", null, false)).doesNotThrowAnyException();
        assertThatCode(() -> at(address, null, null, "t", false)).doesNotThrowAnyException();
        assertThatCode(() -> at(address, null, null, null, true)).doesNotThrowAnyException();
        assertRefused("anonymous", () -> at(address, null, null, "t", true));
    }

    @Test
    @DisplayName("leave it to security: who may call, or say it themselves")
    void security() {
        assertThatCode(() -> underSecurity(at("0.0.0.0:0", null, null, null, true), false))
                .doesNotThrowAnyException();
        assertRefused("security", () -> underSecurity(at("127.0.0.1:0", "u", "p", null, false), false));
        assertRefused("security", () -> underSecurity(at("127.0.0.1:0", null, null, "t", false), false));
        assertRefused("anonymous", () -> underSecurity(at("127.0.0.1:0", null, null, null, true), true));
    }

    private static HttpListen underSecurity(HttpListen listen, boolean anonymous) {
        return new HttpListen(
                listen.address(),
                null,
                listen.username(),
                listen.password(),
                listen.token(),
                true,
                anonymous,
                null,
                listen.maxBody(),
                listen.maxHeaders(),
                listen.maxConnections(),
                listen.idleTimeout(),
                listen.requestTimeout(),
                listen.answerTimeout());
    }

    @ParameterizedTest
    @CsvSource({
        "8081, must be host:port such as 127.0.0.1:8080",
        "127.0.0.1, must be host:port such as 127.0.0.1:8080",
        "::1:80, must be host:port such as 127.0.0.1:8080",
        "127.0.0.1:65536, 'has port 65536, must be 0 to 65535'",
        "https://127.0.0.1:1, must be host:port: https is what tls makes of it",
        "gateway.example:80, must begin with an address of this machine or localhost: other names are not looked up",
        "127.0.0.999:80, must begin with an address of this machine or localhost: other names are not looked up",
        "127.1:80, must begin with an address of this machine or localhost: other names are not looked up"
    })
    @DisplayName("say what is wrong with an address")
    void addresses(String text, String message) {
        assertThatThrownBy(() -> ListenAddress.fromText(text)).hasMessage(message);
    }

    @Test
    @DisplayName("refuse half of the credentials, empty ones, and print none")
    void credentials() {
        assertRefused("password", () -> at("127.0.0.1:1", null, "p", null, false));
        assertRefused("username", () -> at("127.0.0.1:1", "u", null, null, false));
        assertRefused("password", () -> at("127.0.0.1:1", "u", "", null, false));
        assertRefused("username", () -> at("127.0.0.1:1", "u:v", "p", null, false));
        assertRefused("token", () -> at("127.0.0.1:1", null, null, "", false));
        assertRefused("token", () -> at("127.0.0.1:1", null, null, "hunter 2", false));
        assertThat(at("127.0.0.1:1", "u", "hunter2", "hunter3", false).toString())
                .doesNotContain("hunter");
    }

    @Test
    @DisplayName("bound what a caller may take")
    void bounds() {
        Listening.Limits limits = Listening.LIMITS;
        assertRefused("max-body", () -> Listening.with(limits.body("65MiB")));
        assertRefused("max-connections", () -> Listening.with(limits.connections(0)));
        assertRefused("max-connections", () -> Listening.with(limits.connections(100_001)));
        Duration second = Duration.ofSeconds(1);
        assertRefused("idle-timeout", () -> Listening.with(limits.patience(Duration.ZERO, second, second)));
        assertRefused("request-timeout", () -> Listening.with(limits.patience(second, Duration.ofHours(2), second)));
        assertRefused("answer-timeout", () -> Listening.with(limits.patience(second, second, Duration.ofMillis(99))));
        for (String size : new String[] {"1023", "1025KiB"}) {
            assertRefused(
                    "max-headers",
                    () -> Listening.with(new Listening.Limits(
                            ByteSize.fromText("1KiB"), ByteSize.fromText(size), 1, second, second, second)));
        }
    }

    @Test
    @DisplayName(
            "of a route refuse a GET that asks for nothing, a wait without bound, and User Properties made of secrets")
    void routes() {
        assertRefused("method", () -> Listening.from(HttpFrom.Method.GET, "/in", false));
        PathPattern path = PathPattern.fromText("/in");
        for (Duration wait : List.of(Duration.ZERO, Duration.ofMinutes(11))) {
            assertRefused("reply-timeout", () -> new HttpFrom(path, HttpFrom.Method.POST, true, wait, false, Map.of()));
        }
        for (String header : List.of("", "a b", "Authorization", "COOKIE", "a:b")) {
            assertRefused("user-properties", () -> Listening.believing("/in", Map.of("x", header)));
        }
    }

    @Test
    @DisplayName("of an endpoint refuse routes that its settings do not allow, or that another has")
    void use() {
        HttpConnector connector = new HttpConnector();
        HttpEndpointSettings listening = Listening.endpoint(Listening.devices());
        HttpEndpointSettings service = Settings.endpoint("http://h");
        HttpFrom from = Listening.from("/a/{b}");
        connector.checkFrom(listening, from, List.of(Listening.from("/b/{b}"), Listening.from("/a")));
        assertThatThrownBy(() -> connector.checkFrom(service, from, List.of()))
                .hasMessage("a route can start only at an http endpoint with listen");
        assertThatThrownBy(() -> connector.checkTo(listening, Settings.to("/in")))
                .hasMessage("a route can end only at an http endpoint with url");
        assertRefused("path", () -> connector.checkFrom(listening, from, List.of(Listening.from("/{x}/y"))));
        assertRefused("path", () -> connector.checkFrom(listening, Listening.from("/topics/x"), List.of()));
        connector.checkTo(service, Settings.to("/in"));
    }

    private static void assertRefused(String key, ThrowingCallable settings) {
        assertThatThrownBy(settings)
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains(key));
    }
}

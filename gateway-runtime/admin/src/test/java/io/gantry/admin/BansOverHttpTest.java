// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Bans over the admin port")
class BansOverHttpTest {
    private AdminPort port;

    @BeforeEach
    void open() throws Exception {
        port = new AdminPort();
    }

    @AfterEach
    void close() throws Exception {
        port.close();
    }

    @Test
    @DisplayName("are listed, added with or without an end, and removed")
    void whole() throws Exception {
        AdminClient client = new AdminClient(port.uri());

        client.ban(Bans.Kind.ADDRESS, "10.0.0.7", Duration.ofHours(1));
        client.ban(Bans.Kind.CLIENT_ID, "sensor/\u202e7", null);

        assertThat(client.bans())
                .hasSize(2)
                .anySatisfy(ban -> {
                    assertThat(ban.value()).isEqualTo("10.0.0.7");
                    assertThat(ban.until())
                            .isBetween(
                                    Instant.now().plusSeconds(3_600 - AdminPort.PATIENCE.toSeconds()),
                                    Instant.now().plusSeconds(3_601));
                })
                .contains(new Bans.Ban(Bans.Kind.CLIENT_ID, "sensor/\u202e7", MemoryBans.SINCE, null, false));
        assertThat(client.unban(Bans.Kind.ADDRESS, "10.0.0.7")).isTrue();
        assertThat(client.unban(Bans.Kind.ADDRESS, "10.0.0.7")).isFalse();
        assertThat(client.bans()).hasSize(1);
        assertThat(port.audited())
                .extracting(line -> line.getString("what"))
                .containsExactly("/api/v1/bans/add", "/api/v1/bans/add", "/api/v1/bans/remove", "/api/v1/bans/remove");
    }

    @DisplayName("are refused when it is not said whom they mean, or for how long")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "add|{}|expected one of address, clientId, clientAtAddress, username, found 0",
                "add|{\"address\":\"10.0.0.7\",\"username\":\"u\"}|found 2",
                "add|{\"address\":7}|address: expected a text",
                "add|{\"username\":\"\"}|username: expected a text",
                "add|{\"address\":\"nowhere\"}|address: must be an IP address",
                "add|{\"username\":\"u\",\"seconds\":0}|seconds: expected a whole number from 1",
                "add|{\"username\":\"u\",\"seconds\":1.5}|seconds: expected",
                "add|{\"username\":\"u\",\"seconds\":\"1\"}|seconds: expected",
                "add|{\"username\":\"u\",\"until\":1}|unknown key, expected seconds and one of",
                "add|[]|no JSON object",
                "remove|{\"username\":\"u\",\"seconds\":1}|unknown key, expected one of",
                "remove|{\"address\":\"nowhere\"}|address: must be an IP address"
            })
    void refused(String what, String body, String said) throws Exception {
        HttpResponse<String> answer = port.post("/api/v1/bans/" + what, body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("error")).contains(said);
        assertThat(port.gateway.bans.list()).isEmpty();
    }

    @Test
    @DisplayName("are refused with 409 when there are as many as there may be, and their list takes no parameters")
    void full() throws Exception {
        AdminClient client = new AdminClient(port.uri());
        for (String name : new String[] {"a", "b", "c"}) {
            client.ban(Bans.Kind.USERNAME, name, null);
        }

        assertThatThrownBy(() -> client.ban(Bans.Kind.USERNAME, "d", null))
                .isInstanceOf(AdminException.class)
                .hasMessageContaining("as many bans as there may be");
        assertThat(port.post("/api/v1/bans/add", "{\"username\":\"d\"}").statusCode())
                .isEqualTo(409);
        assertThat(port.get("/api/v1/bans?x=1").statusCode()).isEqualTo(400);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Who calls the HTTP listener")
class CallersIT {

    private static Listening web(HttpListen listen) {
        return new Listening(listen).route(Listening.from("/in")).start();
    }

    private static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName(
            "must give the user name and the password, or the token, that the listener has, before anything is told")
    void credentials() throws Exception {
        try (Listening web =
                web(Listening.listen("127.0.0.1:0", "plant", "hünter2", "t0ken", false, null, Listening.LIMITS))) {
            for (String wrong : new String[] {
                "Basic",
                "Basic ?",
                "Bearer",
                "Bearer t0ke",
                "Bearer t0kens",
                "bearer",
                "Digest x",
                "t0ken",
                basic("plant:hunter2"),
                basic("plant"),
                basic(":hünter2"),
                basic("plant:hünter2:"),
                basic("t0ken")
            }) {
                HttpResponse<String> refused = web.post("/in", "x", "Authorization", wrong);
                assertThat(refused.statusCode()).as(wrong).isEqualTo(401);
                assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
                        .contains("Basic ", "Bearer ");
            }
            assertThat(web.post("/in", "x").statusCode()).isEqualTo(401);
            assertThat(web.post("/nowhere", "x").statusCode()).isEqualTo(401);
            assertThat(web.post("/in", "x", "Authorization", "Bearer t0ken", "Authorization", "Bearer t0ken")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(web.messages).isEmpty();

            assertThat(web.post("/in", "x", "Authorization", "bearer t0ken").statusCode())
                    .isEqualTo(202);
            assertThat(web.post("/in", "x", "Authorization", basic("plant:hünter2"))
                            .statusCode())
                    .isEqualTo(202);
            assertThat(web.messages).hasSize(2).allSatisfy(message -> assertThat(
                            message.origin().toString())
                    .doesNotContain("t0ken", "hünter2", "authorization"));
        }
    }

    @Test
    @DisplayName(
            "may not be a page of another site, and where nobody is asked for credentials must call this machine by its own name")
    void pages() throws Exception {
        try (Listening web = web(Listening.plain())) {
            String close = "Connection: close\r\nContent-Length: 0\r\n\r\n";
            for (String own : new String[] {"localhost", "LOCALHOST:9", "127.0.0.1", "[::1]:80"}) {
                assertThat(web.raw("POST /in HTTP/1.1\r\nHost: " + own + "\r\nOrigin: http://" + own + "\r\n" + close))
                        .startsWith("HTTP/1.1 202 ");
            }
            for (String foreign : new String[] {"evil.example", "10.0.0.1", "127.0.0.1.evil.example", "0.0.0.0"}) {
                assertThat(web.raw("POST /in HTTP/1.1\r\nHost: " + foreign + "\r\n" + close))
                        .startsWith("HTTP/1.1 403 ");
            }
            for (String origin :
                    new String[] {"http://evil.example", "null", "https://localhost", "http://localhost:1"}) {
                assertThat(web.raw("POST /in HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin + "\r\n" + close))
                        .startsWith("HTTP/1.1 403 ");
            }
            assertThat(web.raw("POST /in HTTP/1.1\r\nHost: a\r\nHost: localhost\r\n" + close))
                    .startsWith("HTTP/1.1 400 ");
            assertThat(web.raw("POST /in HTTP/1.1\r\nHost: a@localhost\r\n" + close))
                    .startsWith("HTTP/1.1 400 ");
        }
        try (Listening web = web(Listening.listen("127.0.0.1:0", null, null, "t", false, null, Listening.LIMITS))) {
            assertThat(web.raw("POST /in HTTP/1.1\r\nHost: gateway.example\r\nAuthorization: Bearer t\r\n"
                            + "Connection: close\r\nContent-Length: 0\r\n\r\n"))
                    .startsWith("HTTP/1.1 202 ");
        }
    }
}

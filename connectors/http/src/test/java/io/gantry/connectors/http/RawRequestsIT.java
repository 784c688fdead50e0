// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("[G16] The HTTP listener, byte by byte,")
class RawRequestsIT {
    private static final String POST = "POST /in HTTP/1.1\r\nHost: localhost\r\n";
    private static final String CLOSING = POST + "Connection: close\r\n";

    private static Listening web;

    @BeforeAll
    static void start() {
        web = new Listening(Listening.with(Listening.LIMITS.body("1KiB")))
                .route(Listening.from("/in"))
                .route(Listening.from("/devices/{device}"))
                .start();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    @BeforeEach
    void forget() {
        web.messages.clear();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // two lengths, of which servers on the way may each believe another
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nPOST /in HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "Content-Length: 5\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
                "Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
                "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "Content-Length: 1, 1\r\n\r\na",
                "Content-Length: +1\r\n\r\na",
                "Content-Length: -1\r\n\r\na",
                "Content-Length: 0x1\r\n\r\na",
                "Content-Length : 1\r\n\r\na",
                // codings that only some understand
                "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                // line ends that only some see
                "X: a\nY: b\r\nContent-Length: 0\r\n\r\n",
                "X: a\rY: b\r\nContent-Length: 0\r\n\r\n",
                "X: a\u0000b\r\nContent-Length: 0\r\n\r\n",
                ": x\r\n\r\n",
                "a b: x\r\n\r\n",
                "X: \u00e4\r\n\r\n",
                "Host: other\r\n\r\n"
            })
    @DisplayName("answers a head that can be read in two ways with 400, closes, and takes nothing")
    void ambiguousHead(String rest) throws Exception {
        assertThat(web.raw(POST + rest)).startsWith("HTTP/1.1 400 ").doesNotContain("HTTP/1.1 202");
        assertThat(web.messages).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "100000004\r\nabcd\r\n0\r\n\r\n",
                "ffffffffffffffff1\r\na\r\n0\r\n\r\n",
                "-1\r\n\r\n0\r\n\r\n",
                "0x1\r\na\r\n0\r\n\r\n",
                "1\na\n0\n\n",
                "1;a=\"\n\"\r\na\r\n0\r\n\r\n",
                "1\r\naXX0\r\n\r\n",
                "\r\na\r\n0\r\n\r\n"
            })
    @DisplayName("closes on chunks that are no chunks, and takes nothing of them or behind them")
    void brokenChunks(String chunks) throws Exception {
        String answer =
                web.raw(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks + POST + "Content-Length: 0\r\n\r\n");

        assertThat(answer).doesNotContain("HTTP/1.1 202");
        assertThat(answer.isEmpty() || answer.startsWith("HTTP/1.1 400 ")).isTrue();
        assertThat(web.messages).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST http://localhost/in HTTP/1.1 | 400
            POST //in HTTP/1.1                | 404
            POST /in/ HTTP/1.1                | 404
            POST /./in HTTP/1.1               | 400
            POST /%2e/in HTTP/1.1             | 400
            POST /devices/%2E%2e HTTP/1.1     | 400
            POST /devices/%zz HTTP/1.1        | 400
            POST /devices/%ff HTTP/1.1        | 400
            POST /devices/%c0%af HTTP/1.1     | 400
            POST /devices/%00 HTTP/1.1        | 400
            POST /devices/%0d%0aX HTTP/1.1    | 400
            POST /devices/a%250 HTTP/1.1      | 202
            POST /devices/a%2Fb HTTP/1.1      | 202
            POST /devices/${x} HTTP/1.1       | 400
            POST /in#x HTTP/1.1               | 400
            POST /in?a=%zz HTTP/1.1           | 400
            POST * HTTP/1.1                   | 400
            CONNECT localhost:1 HTTP/1.1      | 400
            TRACE /in HTTP/1.1                | 405
            HEAD /in HTTP/1.1                 | 405
            post /in HTTP/1.1                 | 405
            POST /in HTTP/2.0                 | 501
            POST /in HTTP/1.2                 | 501
            P@ST /in HTTP/1.1                 | 400
            POST /in x HTTP/1.1               | 400
            POST /IN HTTP/1.1                 | 404
            """)
    @DisplayName("takes a path, decoded once, and nothing that others may read as another")
    void firstLine(String line, int status) throws Exception {
        assertThat(web.raw(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/[12]\\.[012] " + status + " .*");
        assertThat(web.messages).hasSize(status == 202 ? 1 : 0);
    }

    @Test
    @DisplayName("bounds the first line, the headers, the number of query names and the body, announced or not")
    void bounds() throws Exception {
        String long9 = "a".repeat(9_000);
        assertThat(web.raw("POST /" + long9 + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 414 ");
        assertThat(web.raw(CLOSING + "X: " + "a".repeat(40_000) + "\r\n\r\n")).startsWith("HTTP/1.1 431 ");
        assertThat(web.raw(CLOSING + "X: a\r\n".repeat(40_000) + "\r\n")).startsWith("HTTP/1.1 431 ");
        assertThat(web.raw(
                        "POST /in?" + "a=1&".repeat(65) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(web.raw(POST + "Content-Length: 1025\r\n\r\n" + "a".repeat(1_025)))
                .startsWith("HTTP/1.1 413 ");
        assertThat(web.raw(POST + "Content-Length: 99999999999999999999\r\n\r\n" + "a".repeat(1_025)))
                .matches("(?s)HTTP/1.1 4(00|13) .*");
        assertThat(web.raw(POST + "Transfer-Encoding: chunked\r\n\r\n"
                        + ("400\r\n" + "a".repeat(1_024) + "\r\n").repeat(100)))
                .startsWith("HTTP/1.1 413 ");
        assertThat(web.messages).isEmpty();
        assertThat(web.raw(CLOSING + "Content-Length: 1024\r\n\r\n" + "a".repeat(1_024)))
                .startsWith("HTTP/1.1 202 ");
        assertThat(web.messages).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Transfer-Encoding: gzip, chunked           | 501
            Content-Encoding: gzip                     | 415
            Content-Type: nonsense                     | 415
            Expect: the impossible                     | 417
            Content-Length: 2                          | 202
            """)
    @DisplayName("says what it does not do instead of doing something else")
    void unsupported(String header, int status) throws Exception {
        String body = header.startsWith("Transfer") ? "\r\n\r\n0\r\n\r\n" : "\r\n\r\nab";
        assertThat(web.raw(CLOSING + header + body)).startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    @DisplayName("lets a caller that asks first go on, or tells it at once that it need not")
    void expect() throws Exception {
        assertThat(web.raw(CLOSING + "Expect: 100-continue\r\nContent-Length: 1\r\n\r\na"))
                .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 ");
        assertThat(
                        web.raw(
                                "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ");
        assertThat(web.raw(POST + "Expect: 100-continue\r\nContent-Length: 2000\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    @DisplayName("answers HTTP/1.0 and closes, and does not change to another protocol")
    void others() throws Exception {
        assertThat(web.raw("POST /in HTTP/1.0\r\nHost: localhost\r\nContent-Length: 1\r\n\r\na"))
                .startsWith("HTTP/1.0 202 ");
        assertThat(web.raw("POST /in HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.0 400 ");
        assertThat(web.raw("POST /in HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 400 ");
        assertThat(web.raw(CLOSING + "Upgrade: websocket\r\nContent-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 202 ");
        assertThat(web.raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).contains(" 501 ");
        assertThat(web.raw("\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n")).contains(" 400 ");
    }

    @Test
    @DisplayName(
            "answers requests that come at once one after the other, also when their messages are taken in another order")
    void pipelined() throws Exception {
        Listening.Held held = new Listening.Held();
        List<String> texts = new ArrayList<>();
        try (Listening web = new Listening(Listening.plain())
                .route(Listening.from("/held"), (message, acknowledgement) -> {
                    texts.add(text(message));
                    held.offer(message, acknowledgement);
                })
                .start()) {
            String one = "POST /held HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n";
            try (Socket socket = web.connect()) {
                socket.getOutputStream()
                        .write((one + "1" + one + "2" + one.replace("Host", "Connection: close\r\nHost") + "3")
                                .getBytes(ISO_8859_1));
                for (int i = 0; i < 3; i++) {
                    int sofar = i;
                    Harness.soon().until(() -> held.acknowledgements.size() > sofar);
                    held.acknowledgements.get(i).complete(Delivery.accepted());
                }
                assertThat(Listening.read(socket).split("HTTP/1\\.1 202 ", -1)).hasSize(4);
            }
        }
        assertThat(texts).containsExactly("1", "2", "3");
    }

    private static String text(Message message) {
        return message.payload().asText();
    }

    @Test
    @DisplayName(
            "closes a connection that says nothing or keeps quiet after an answer, and tells who is in a body's middle 408")
    void patience() throws Exception {
        Duration short300 = Duration.ofMillis(300);
        try (Listening impatient = new Listening(
                        Listening.with(Listening.LIMITS.patience(short300, short300, Duration.ofMinutes(5))))
                .route(Listening.from("/in"))
                .start()) {
            assertThat(impatient.raw("")).isEmpty();
            assertThat(impatient.raw("POST /in HTTP/1.1\r\nHos")).isEmpty();
            assertThat(impatient.raw(POST + "Content-Length: 13\r\n\r\n{")).startsWith("HTTP/1.1 408 ");
            assertThat(impatient.raw(POST + "Content-Length: 1\r\n\r\na")).startsWith("HTTP/1.1 202 ");
            assertThat(impatient.messages).hasSize(1);
        }
    }

    @Test
    @DisplayName("closes connections beyond the limit at once, and takes new ones when others have gone")
    void connections() throws Exception {
        String request = POST + "Content-Length: 0\r\n\r\n";
        List<Socket> held = new ArrayList<>();
        try (Listening three = new Listening(Listening.with(Listening.LIMITS.connections(3)))
                .route(Listening.from("/in"))
                .start()) {
            for (int i = 0; i < 3; i++) {
                Socket socket = three.connect();
                held.add(socket);
                socket.getOutputStream().write(request.getBytes(ISO_8859_1));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
            assertThat(three.raw("")).isEmpty();
            for (Socket socket : held) {
                socket.close();
            }

            Harness.soon().until(() -> three.raw(CLOSING + "Content-Length: 0\r\n\r\n")
                    .startsWith("HTTP/1.1 202 "));
        }
    }
}

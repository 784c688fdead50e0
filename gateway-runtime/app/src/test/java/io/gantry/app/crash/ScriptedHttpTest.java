// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An HTTP target with a script")
class ScriptedHttpTest {
    private final Stamp stamp = new Stamp("a", 1);
    private final HttpClient client = HttpClient.newHttpClient();
    private ScriptedHttp target;

    @BeforeEach
    void start() throws IOException {
        target = new ScriptedHttp(LoopbackPorts.free());
    }

    @AfterEach
    void end() throws IOException {
        target.close();
    }

    private HttpResponse<String> post(String body, Duration patience) throws Exception {
        var request = java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + target.port() + "/in"))
                .header("Idempotency-Key", "id1")
                .header("Topic-Name", "t/a")
                .timeout(patience)
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String body) throws Exception {
        return post(body, Duration.ofMinutes(2));
    }

    @Test
    @DisplayName("keeps what it took, with its Topic Name and id, and nothing that it refused")
    void keeps() throws Exception {
        assertThat(post(stamp.payload()).statusCode()).isEqualTo(200);
        target.answerBy(HttpScript.always(HttpAnswer.later(503, "2")));

        HttpResponse<String> later = post("another");

        assertThat(later.statusCode()).isEqualTo(503);
        assertThat(later.headers().firstValue("Retry-After")).contains("2");
        assertThat(target.seen()).containsExactly(Seen.of(stamp.payload(), "t/a", "id1"));
        assertThat(target.requests()).isEqualTo(2);
    }

    @Test
    @DisplayName("answers slowly, resets before and after it took a message, and hangs")
    void manners() throws Exception {
        target.answerBy(HttpScript.always(HttpAnswer.SLOW));
        assertThat(post("slow").body()).isEqualTo("ok");

        target.answerBy(HttpScript.always(HttpAnswer.RESET));
        assertThatThrownBy(() -> post("before")).isInstanceOf(IOException.class);
        target.answerBy(HttpScript.always(HttpAnswer.TAKE_AND_RESET));
        assertThatThrownBy(() -> post("after")).isInstanceOf(IOException.class);
        target.answerBy(HttpScript.always(HttpAnswer.HANG));
        assertThatThrownBy(() -> post("hang", Duration.ofMillis(300))).isInstanceOf(HttpTimeoutException.class);

        assertThat(target.taken())
                .extracting(HttpRequest::body)
                .contains("slow", "after", "hang")
                .doesNotContain("before");
    }

    @Test
    @DisplayName("has a damaged message sent again when told to look")
    void damaged() throws Exception {
        target.answerBy(HttpScript.always(HttpAnswer.OK).refusingDamaged());

        assertThat(post(stamp.payload() + "x").statusCode()).isEqualTo(500);
        assertThat(post(stamp.payload()).statusCode()).isEqualTo(200);
        assertThat(target.taken()).hasSize(1);
    }
}

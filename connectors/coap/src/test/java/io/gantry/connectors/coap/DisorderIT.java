// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.connectors.coap.Harness.deliver;
import static io.gantry.connectors.coap.Harness.message;
import static io.gantry.connectors.coap.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A message to a CoAP server whose answers come twice or too late")
class DisorderIT {

    @Test
    @DisplayName("is taken and delivered once, though every request and every acknowledgement comes twice [D18]")
    void twice() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.code(ResponseCode.CHANGED));
                LosingProxy proxy = new LosingProxy(server.port());
                Harness harness = new Harness(Settings.url(proxy.url()))) {
            Sink sink = harness.start(Settings.to("/in"));
            proxy.doubles = true;

            for (String payload : List.of("1", "2".repeat(3_000), "3")) {
                Message message = message("a", MessageProperties.NONE, Payload.ofText(payload));
                assertThat(deliver(sink, message)).isEqualTo(Delivery.accepted());
            }

            assertThat(server.requests)
                    .extracting(Request::getPayloadString)
                    .containsExactly("1", "2".repeat(3_000), "3");
        }
    }

    @Test
    @DisplayName("is not answered by the late answer to one that was given up: that is heard by nobody [D18]")
    void lateAnswer() {
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<Exchange> first = new AtomicReference<>();
        try (ScriptedServer server = ScriptedServer.start(exchange -> {
                    exchange.sendAccept();
                    if (asked.incrementAndGet() == 1) {
                        first.set(exchange);
                        return;
                    }
                    Exchange late = first.getAndSet(null);
                    if (late != null) {
                        late.sendResponse(new Response(ResponseCode.BAD_REQUEST));
                    }
                    exchange.sendResponse(new Response(ResponseCode.CHANGED));
                });
                Harness harness = new Harness(
                        Settings.url(server.url()).withWaits(Duration.ofMillis(150), 1, Duration.ofMillis(500)))) {
            Sink sink = harness.start(Settings.to("/in"));
            List<Delivery> outcomes = new ArrayList<>();

            outcomes.add(deliver(sink, message("a")));
            assertThat(outcomes.get(0)).isInstanceOf(Delivery.Unavailable.class);
            soon().until(() -> {
                outcomes.add(deliver(sink, message("b")));
                return outcomes.contains(Delivery.accepted());
            });

            assertThat(outcomes).noneMatch(Delivery.Rejected.class::isInstance);
            assertThat(first).hasNullValue();
        }
    }
}

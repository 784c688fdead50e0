// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.RejectedMessageException;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.google.pubsub.GooglePubsubEndpoint;
import org.apache.camel.support.DefaultExchange;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The preset google-pubsub, as far as its component goes without the service")
class PubsubTest {
    private final GooglePubsub service = new GooglePubsub();
    private final CamelEndpointSettings settings =
            new CamelEndpointSettings(CamelPreset.GOOGLE_PUBSUB, null, null, null, null, null, "plant-1", null, 20);

    @Test
    @DisplayName("its component takes project, topic and options")
    void endpoint() throws Exception {
        try (CamelContext camel = QuietCamel.create()) {
            Endpoint endpoint = CamelUris.create(
                    camel,
                    service.scheme(),
                    service.path(settings, "telemetry"),
                    service.options(settings, "telemetry"));

            assertThat(endpoint).isInstanceOfSatisfying(GooglePubsubEndpoint.class, made -> {
                assertThat(made.getProjectId()).isEqualTo("plant-1");
                assertThat(made.getDestinationName()).isEqualTo("telemetry");
                assertThat(made.isMessageOrderingEnabled()).isTrue();
                assertThat(made.isAuthenticate()).isTrue();
            });
        }
    }

    @Test
    @DisplayName("the key is the ordering key, and one that is too long is rejected")
    void orderingKey() throws Exception {
        try (CamelContext camel = QuietCamel.create()) {
            Exchange exchange = new DefaultExchange(camel);

            service.place(Payload.ofText("21"), "d1", exchange);

            assertThat(exchange.getMessage().getHeaders()).containsOnlyKeys("CamelGooglePubsubOrderingKey");
            assertThat(exchange.getMessage().getBody(byte[].class)).asString().isEqualTo("21");
            Assertions.assertThatThrownBy(() -> service.place(Payload.EMPTY, "ä".repeat(513), exchange))
                    .isInstanceOfSatisfying(
                            RejectedMessageException.class, rejected -> assertThat(rejected.asDelivery())
                                    .hasFieldOrPropertyWithValue("code", ReasonCode.PAYLOAD_FORMAT_INVALID));
        }
    }
}

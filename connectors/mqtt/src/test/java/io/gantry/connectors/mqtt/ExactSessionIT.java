// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static io.gantry.connectors.mqtt.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A message of QoS 2 that is half way to a broker")
class ExactSessionIT {
    /** A CONNACK without a session, and with a Receive Maximum of 1. */
    private static final String ONE_AT_A_TIME = "20060000" + "03210001";

    private static final int CONNECT_FLAGS = 7;
    private static final int CLEAN_START = 2;

    private static RemoteClient client(ScriptedBroker at) {
        Broker broker = Broker.of("cloud", "gateway1", Settings.at(at.url()).build());
        RemoteClient client = new RemoteClient(
                broker, new ExactOutbound(broker), (endpoint, state, detail) -> {}, new Pauses(10, 20));
        client.start();
        return client;
    }

    private static CompletableFuture<Delivery> publish(RemoteClient client) {
        CompletableFuture<Delivery> answer = new CompletableFuture<>();
        client.publish(
                new OutgoingMessage(
                        "a", Qos.EXACTLY_ONCE, false, MessageProperties.NONE, Payload.ofText("x"), Long.MAX_VALUE),
                answer::complete);
        return answer;
    }

    @Test
    @DisplayName("stays so while the broker is away, until the gateway stops; what was not sent is given back at once")
    void away() throws Exception {
        List<Integer> types = new CopyOnWriteArrayList<>();
        ScriptedBroker broker = ScriptedBroker.start((type, body) -> {
            types.add(type);
            return type == 1 ? ONE_AT_A_TIME : "";
        });
        CompletableFuture<Delivery> halfWay;
        try (RemoteClient client = client(broker)) {
            halfWay = publish(client);
            CompletableFuture<Delivery> behind = publish(client);
            soon().until(() -> types.contains(3));
            assertThat(behind).isNotDone();

            broker.close();

            assertThat(behind.get(2, TimeUnit.MINUTES)).isEqualTo(Answers.NOT_CONFIRMED);
            assertThat(publish(client).get(2, TimeUnit.MINUTES)).isInstanceOf(Delivery.Unavailable.class);
            assertThat(halfWay).isNotDone();
        }
        assertThat(halfWay).isCompletedWithValue(Answers.NOT_CONFIRMED);
        assertThat(types).containsOnlyOnce(3);
    }

    @Test
    @DisplayName("is given back when the broker has forgotten the session, which only the first connection begins anew")
    void forgotten() throws Exception {
        List<Integer> starts = new CopyOnWriteArrayList<>();
        List<Integer> types = new CopyOnWriteArrayList<>();
        try (ScriptedBroker broker = ScriptedBroker.start((type, body) -> {
                    types.add(type);
                    if (type == 1) {
                        starts.add(body[CONNECT_FLAGS] & CLEAN_START);
                    }
                    return type == 1 ? ONE_AT_A_TIME : "";
                });
                RemoteClient client = client(broker)) {
            CompletableFuture<Delivery> halfWay = publish(client);
            soon().until(() -> types.contains(3));

            client.reconnect();

            assertThat(halfWay.get(2, TimeUnit.MINUTES)).isEqualTo(Answers.NOT_CONFIRMED);
            assertThat(starts).containsExactly(CLEAN_START, 0);
        }
    }
}

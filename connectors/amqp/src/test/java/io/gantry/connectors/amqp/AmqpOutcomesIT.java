// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static io.gantry.connectors.amqp.Harness.deliver;
import static io.gantry.connectors.amqp.Harness.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A broker that answers a message")
class AmqpOutcomesIT {

    /** The outcome of a message, and what becomes of it when it is sent again and accepted. */
    private static Delivery first(ScriptedBroker.Script script) {
        return first(script, false);
    }

    private static Delivery first(ScriptedBroker.Script script, boolean impatient) {
        try (ScriptedBroker broker = new ScriptedBroker(10, (number, link, delivery) -> {
                    if (number == 1) {
                        script.on(number, link, delivery);
                    } else {
                        ScriptedBroker.settle(delivery, Accepted.getInstance());
                    }
                });
                Harness harness = new Harness(
                        impatient
                                ? Settings.impatient(broker.url(), null, null)
                                : Settings.withConnections(broker.url(), 1))) {
            Sink sink = harness.to("r", Settings.to("q"));
            harness.routes.start();
            Message message = message("a", "1");
            Delivery outcome = deliver(sink, message);
            Harness.soon().until(() -> deliver(sink, message).equals(Delivery.accepted()));
            assertThat(broker.ids).isNotEmpty().containsOnly("ID:" + message.id());
            return outcome;
        }
    }

    private static Delivery outcome(DeliveryState state) {
        return first((number, link, delivery) -> ScriptedBroker.settle(delivery, state));
    }

    private static Rejected rejected(String condition) {
        Rejected rejected = new Rejected();
        rejected.setError(new ErrorCondition(Symbol.valueOf(condition), "no"));
        return rejected;
    }

    private static Modified modified(boolean undeliverableHere) {
        Modified modified = new Modified();
        modified.setDeliveryFailed(true);
        modified.setUndeliverableHere(undeliverableHere);
        return modified;
    }

    private static void assertSoon(Delivery outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                        .isEqualTo(Retry.soon()));
    }

    private static void assertParked(Delivery outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                        .isEqualTo(Retry.whenMended()));
    }

    @Test
    @DisplayName("by rejected, or modified as undeliverable, makes it a dead letter [D12]")
    void never() {
        assertThat(outcome(new Rejected())).isInstanceOf(Delivery.Rejected.class);
        assertThat(outcome(rejected("amqp:decode-error"))).isInstanceOf(Delivery.Rejected.class);
        assertThat(outcome(modified(true))).isInstanceOf(Delivery.Rejected.class);
    }

    @Test
    @DisplayName(
            "by released, modified as failed, or rejected for want of room, gets it again with the same id [D12, D13]")
    void notNow() {
        assertSoon(outcome(Released.getInstance()));
        assertSoon(outcome(modified(false)));
        assertSoon(outcome(rejected("amqp:resource-limit-exceeded")));
    }

    @Test
    @DisplayName("by rejected for want of a right parks the route")
    void notAllowed() {
        assertParked(outcome(rejected("amqp:unauthorized-access")));
    }

    @Test
    @DisplayName(
            "by closing the link, the session or the connection gets it again over another, with the same id [D11]")
    void closed() {
        assertSoon(first((number, link, delivery) -> ScriptedBroker.close(link, "amqp:internal-error")));
        assertSoon(first((number, link, delivery) -> ScriptedBroker.close(link.getSession(), "amqp:internal-error")));
        assertSoon(first((number, link, delivery) ->
                ScriptedBroker.close(link.getSession().getConnection(), "amqp:connection:framing-error")));
    }

    @Test
    @DisplayName("by closing the link or the connection for want of room gets it again, with the same id [D13]")
    void noRoom() {
        assertSoon(first((number, link, delivery) -> ScriptedBroker.close(link, "amqp:resource-limit-exceeded")));
        assertSoon(first((number, link, delivery) ->
                ScriptedBroker.close(link.getSession().getConnection(), "amqp:resource-limit-exceeded")));
    }

    @Test
    @DisplayName("by a redirect is not followed, but asked again [D13]")
    void redirected() {
        try (ScriptedBroker elsewhere = new ScriptedBroker(10, (number, link, delivery) -> {})) {
            Map<Symbol, Object> there = Map.of(
                    Symbol.valueOf("hostname"), "elsewhere",
                    Symbol.valueOf("network-host"), "127.0.0.1",
                    Symbol.valueOf("port"), elsewhere.port(),
                    Symbol.valueOf("address"), "q");

            assertSoon(first((number, link, delivery) -> ScriptedBroker.close(link, "amqp:link:redirect", there)));
            assertSoon(first((number, link, delivery) ->
                    ScriptedBroker.close(link.getSession().getConnection(), "amqp:connection:redirect", there)));

            assertThat(elsewhere.connections).hasValue(0);
        }
    }

    @Test
    @DisplayName("by nothing at all gets it again after send-timeout, with the same id [D11]")
    void silent() {
        assertSoon(first((number, link, delivery) -> {}, true));
    }

    @Test
    @DisplayName("with no credit gets it once there is some; meanwhile it is unavailable after send-timeout [D11]")
    void noCredit() {
        try (ScriptedBroker broker = new ScriptedBroker(
                        0, (number, link, delivery) -> ScriptedBroker.settle(delivery, Accepted.getInstance()));
                Harness harness = new Harness(Settings.impatient(broker.url(), null, null))) {
            Sink sink = harness.to("r", Settings.to("q"));
            harness.routes.start();
            assertSoon(deliver(sink, message("a", "1")));
            assertThat(broker.ids).isEmpty();

            broker.credit(10);

            Harness.soon().until(() -> deliver(sink, message("a", "1")).equals(Delivery.accepted()));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.gantry.mqtt.session.Distributor;
import io.gantry.mqtt.session.Home;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server tells of itself below {@code $SYS/broker/}, under the names that Mosquitto's users know. A value is
 * published, retained and at QoS 0, when it has changed. On one event loop.
 */
public final class SystemTopics {
    private static final Logger LOG = LoggerFactory.getLogger(SystemTopics.class);
    private static final Origin GATEWAY = new Origin.Gateway();
    private static final Counter[] DROPPED = {
        Counter.MESSAGES_DROPPED_QUEUE_FULL,
        Counter.MESSAGES_DROPPED_EXPIRED,
        Counter.MESSAGES_DROPPED_TOO_LARGE,
        Counter.MESSAGES_DROPPED_AWAY
    };

    private final Home.Shared shared;
    private final EventExecutor loop;
    private final Map<TopicName, Supplier<String>> values = new LinkedHashMap<>();
    private final Map<TopicName, String> told = new HashMap<>();

    /**
     * Tells nothing yet.
     *
     * @param version as it is told
     * @param loop on which it happens
     */
    public SystemTopics(String version, Home.Shared shared, Loops loops, Connections connections, EventExecutor loop) {
        this.shared = shared;
        this.loop = loop;
        long started = loop.ticker().nanoTime();
        value("version", () -> version);
        value("uptime", () -> TimeUnit.NANOSECONDS.toSeconds(loop.ticker().nanoTime() - started) + " seconds");
        number("clients/connected", connections::size);
        number("clients/disconnected", () -> Math.max(0, loops.sessions() - connections.size()));
        number("clients/total", () -> Math.max(loops.sessions(), connections.size()));
        number("clients/maximum", connections::most);
        Distributor distributor = shared.distributor();
        number("subscriptions/count", distributor::subscriptions);
        number("retained messages/count", distributor::retainedMessages);
        addCounts(shared.counters());
    }

    private void addCounts(Counters counters) {
        number("messages/received", () -> counters.of(Counter.PACKETS_RECEIVED));
        number("messages/sent", () -> counters.of(Counter.PACKETS_SENT));
        number("messages/dropped", () -> dropped(counters));
        number("publish/messages/received", () -> counters.of(Counter.MESSAGES_RECEIVED));
        number("publish/messages/sent", () -> counters.of(Counter.MESSAGES_SENT));
        number("publish/messages/dropped", () -> dropped(counters));
        number("bytes/received", () -> counters.of(Counter.BYTES_RECEIVED));
        number("bytes/sent", () -> counters.of(Counter.BYTES_SENT));
    }

    private static long dropped(Counters counters) {
        long dropped = 0;
        for (Counter counter : DROPPED) {
            dropped += counters.of(counter);
        }
        return dropped;
    }

    private void number(String name, LongSupplier number) {
        value(name, () -> Long.toString(number.getAsLong()));
    }

    private void value(String name, Supplier<String> text) {
        values.put(new TopicName("$SYS/broker/" + name), text);
    }

    /** Tells everything now, and what has changed every interval. */
    public void start(Duration interval) {
        loop.scheduleAtFixedRate(this::tell, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tell() {
        try {
            values.forEach((topic, value) -> tell(topic, value.get()));
        } catch (RuntimeException failure) {
            // or the loop would not call again
            LOG.atError().setCause(failure).log("the system topics could not be published");
        }
    }

    private void tell(TopicName topic, String text) {
        if (text.equals(told.put(topic, text))) {
            return;
        }
        shared.distributor()
                .serverTopics()
                .fromGateway(new Message(
                        shared.ids().next(),
                        topic,
                        Payload.ofText(text),
                        Qos.AT_MOST_ONCE,
                        true,
                        MessageProperties.NONE,
                        GATEWAY,
                        shared.clock().millis()));
    }
}

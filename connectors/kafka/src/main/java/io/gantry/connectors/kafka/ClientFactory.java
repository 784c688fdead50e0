// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.util.Properties;
import org.apache.camel.component.kafka.KafkaClientFactory;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** Gives Camel the clients we made: a producer that hands all to ours, and consumers that commit what was acknowledged. */
final class ClientFactory implements KafkaClientFactory {
    private final ClientSettings clients;
    private final RecordSender sender;
    private final @Nullable InFlight inFlight;

    ClientFactory(ClientSettings clients, RecordSender sender, @Nullable InFlight inFlight) {
        this.clients = clients;
        this.sender = sender;
        this.inFlight = inFlight;
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Properties ignored) {
        return new SendingProducer(sender);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Properties ignored) {
        if (inFlight == null) {
            throw new IllegalStateException("nothing is read here");
        }
        return new WindowedConsumer(clients.consumer(inFlight.route(), inFlight.settings()), inFlight);
    }

    @Override
    public String getBrokers(KafkaConfiguration configuration) {
        return String.join(",", clients.settings().brokers());
    }
}

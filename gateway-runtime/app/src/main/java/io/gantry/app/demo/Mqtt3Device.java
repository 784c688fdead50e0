// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A device that speaks MQTT 3.1.1. */
final class Mqtt3Device implements Device {
    private final Mqtt3AsyncClient client;
    private final String telemetryTopic;
    private final String commandTopic;

    Mqtt3Device(MqttClientBuilder builder, String site, int device) {
        client = builder.useMqttVersion3().buildAsync();
        telemetryTopic = DemoPlan.telemetryTopic(site, device);
        commandTopic = DemoPlan.commandTopic(site, device);
    }

    @Override
    public CompletableFuture<?> connect(Consumer<byte[]> onCommand) {
        return client.connect().thenCompose(connected -> client.subscribeWith()
                .topicFilter(commandTopic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(command -> onCommand.accept(command.getPayloadAsBytes()))
                .send());
    }

    @Override
    public CompletableFuture<?> publish(byte[] payload) {
        return client.publishWith()
                .topic(telemetryTopic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .send();
    }

    @Override
    public CompletableFuture<?> disconnect() {
        return client.disconnect();
    }
}

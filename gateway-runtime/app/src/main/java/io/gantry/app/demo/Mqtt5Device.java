// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A device that speaks MQTT 5. */
final class Mqtt5Device implements Device {
    private final Mqtt5AsyncClient client;
    private final String telemetryTopic;
    private final String commandTopic;

    Mqtt5Device(MqttClientBuilder builder, String site, int device) {
        client = builder.useMqttVersion5().buildAsync();
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
                .send()
                .thenCompose(Mqtt5Device::orItsError);
    }

    /** A PUBACK with a reason code of 0x80 or more is no acknowledgement. */
    private static CompletionStage<Mqtt5PublishResult> orItsError(Mqtt5PublishResult result) {
        return result.getError()
                .<CompletionStage<Mqtt5PublishResult>>map(CompletableFuture::failedFuture)
                .orElseGet(() -> CompletableFuture.completedFuture(result));
    }

    @Override
    public CompletableFuture<?> disconnect() {
        return client.disconnect();
    }
}

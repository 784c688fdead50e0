// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.util.Locale;

/** The cloud services that are MQTT brokers of a kind. */
public enum MqttPreset {
    AWS_IOT_CORE(new AwsIotCore()),
    AZURE_IOT_HUB(new AzureIotHub()),
    AZURE_EVENT_GRID(new AzureEventGrid()),
    HIVEMQ_CLOUD(new HivemqCloud());

    private final BrokerKind service;

    MqttPreset(BrokerKind service) {
        this.service = service;
    }

    BrokerKind service() {
        return service;
    }

    /** As it is written in the YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

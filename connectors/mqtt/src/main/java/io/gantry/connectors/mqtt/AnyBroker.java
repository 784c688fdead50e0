// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Qos;

/** A broker of which nothing is known but what it says itself. */
final class AnyBroker implements BrokerKind {
    static final BrokerKind INSTANCE = new AnyBroker();

    private AnyBroker() {}

    @Override
    public MqttVersion version() {
        return MqttVersion.V5;
    }

    @Override
    public Qos highestQos() {
        return Qos.EXACTLY_ONCE;
    }

    @Override
    public TopicLimits limits() {
        return TopicLimits.NONE;
    }

    @Override
    public void check(MqttEndpointSettings settings) {
        // Whatever the settings allow.
    }
}

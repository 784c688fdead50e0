// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Qos;

/** HiveMQ Cloud: a whole broker, behind TLS and a password. */
final class HivemqCloud implements BrokerKind {

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
        BrokerKind.requireTls(settings, true, 8883, 8884);
        BrokerKind.require(
                settings.username() != null && settings.password() != null,
                settings.username() == null ? "username" : "password",
                "must be given",
                settings);
    }
}

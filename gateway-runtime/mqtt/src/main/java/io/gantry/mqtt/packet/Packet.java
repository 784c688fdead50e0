// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

/** An MQTT control packet [5.0 §2]. The model is that of 5.0; in 3.1.1 what it lacks is absent or has its default. */
public sealed interface Packet
        permits Connect,
                ConnAck,
                Publish,
                RefusedPublish,
                PublishAck,
                Subscribe,
                SubAck,
                Unsubscribe,
                UnsubAck,
                Ping,
                Disconnect,
                Auth {

    /** Tells a receiver what to cast to. */
    PacketType type();
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

/** The protocol a connection speaks, as its CONNECT packet said. */
public enum ProtocolVersion {
    /** MQTT 3.1 too, whose packets are the same but for the Protocol Name. */
    V3_1_1,
    V5
}

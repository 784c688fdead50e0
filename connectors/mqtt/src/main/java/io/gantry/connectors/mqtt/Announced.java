// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Qos;

/**
 * What a broker has said when it accepted a connection, with the specification's defaults for what it left out.
 *
 * @param sessionPresent whether it still has the session of the last connection
 * @param receiveMaximum messages of QoS 1 and 2 that may be under way to it
 * @param maxPacketSize bytes of a packet to it
 * @param subscriptionIds whether it can say which subscription a message belongs to
 */
record Announced(
        boolean sessionPresent,
        int receiveMaximum,
        Qos maxQos,
        boolean retain,
        long maxPacketSize,
        boolean subscriptionIds) {}

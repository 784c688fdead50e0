// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

import io.gantry.api.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are not a packet, or a packet the specification forbids whatever the session's state. Nothing more is
 * decoded after it.
 *
 * @param version what the connection speaks; null when it was not known yet
 * @param reasonCode what a 5.0 device is told
 * @param detail for the log: what was found, and the statement it breaks; never bytes of the payload
 */
public record MalformedPacket(@Nullable ProtocolVersion version, ReasonCode reasonCode, String detail) {}

// SPDX-License-Identifier: Apache-2.0
/** Packets to bytes and back: exactly one packet at a time, and nothing the specification forbids. */
@NullMarked
package io.gantry.mqtt.codec;

import org.jspecify.annotations.NullMarked;

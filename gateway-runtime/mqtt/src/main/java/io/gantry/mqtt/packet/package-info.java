// SPDX-License-Identifier: Apache-2.0
/** The MQTT control packets as values, one model for 3.1.1 and 5.0; plain Java. */
@NullMarked
package io.gantry.mqtt.packet;

import org.jspecify.annotations.NullMarked;

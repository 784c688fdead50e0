// SPDX-License-Identifier: Apache-2.0
/** The MQTT server: listeners, connections, sessions and subscriptions. Its façade is MqttServer. */
@NullMarked
package io.gantry.mqtt;

import org.jspecify.annotations.NullMarked;

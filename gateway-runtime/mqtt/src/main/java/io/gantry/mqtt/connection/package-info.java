// SPDX-License-Identifier: Apache-2.0
/** Connections on Netty: a channel is first nobody's (CONNECT awaited), then a device's; sessions decide, this carries out. */
@NullMarked
package io.gantry.mqtt.connection;

import org.jspecify.annotations.NullMarked;

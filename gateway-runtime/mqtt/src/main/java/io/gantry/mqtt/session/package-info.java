// SPDX-License-Identifier: Apache-2.0
/** Sessions and their subscriptions: what the protocol decides, in plain Java. A session belongs to one thread. */
@NullMarked
package io.gantry.mqtt.session;

import org.jspecify.annotations.NullMarked;

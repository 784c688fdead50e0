// SPDX-License-Identifier: Apache-2.0
/** The demo: a real Kafka, the gateway as a process of its own, simulated devices, and a count of every message. */
@NullMarked
package io.gantry.app.demo;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Kafka through camel-kafka, both ways. */
@NullMarked
package io.gantry.connectors.kafka;

import org.jspecify.annotations.NullMarked;

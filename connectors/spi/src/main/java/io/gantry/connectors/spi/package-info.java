// SPDX-License-Identifier: Apache-2.0
/** What a connector is: its settings, its Camel endpoints, its mapping both ways and what its errors mean. */
@NullMarked
package io.gantry.connectors.spi;

import org.jspecify.annotations.NullMarked;

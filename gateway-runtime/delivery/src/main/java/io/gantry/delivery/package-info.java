// SPDX-License-Identifier: Apache-2.0
/** Outboxes and lanes: where a route's messages wait, in which order they are tried, and what becomes of them. */
@NullMarked
package io.gantry.delivery;

import org.jspecify.annotations.NullMarked;

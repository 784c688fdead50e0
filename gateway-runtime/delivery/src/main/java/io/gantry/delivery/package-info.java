// SPDX-License-Identifier: Apache-2.0
/** Lanes: how a route's messages wait, bounded and in order, and where their outcome goes. */
@NullMarked
package io.gantry.delivery;

import org.jspecify.annotations.NullMarked;

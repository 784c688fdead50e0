// SPDX-License-Identifier: Apache-2.0
/** Real target systems on free loopback ports, for the demo and the tests. */
@NullMarked
package io.gantry.testbed;

import org.jspecify.annotations.NullMarked;

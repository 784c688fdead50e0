// SPDX-License-Identifier: Apache-2.0
/** Real target systems on free loopback ports, for the demo and the tests; a clock and certificates for these. */
@NullMarked
package io.gantry.testbed;

import org.jspecify.annotations.NullMarked;

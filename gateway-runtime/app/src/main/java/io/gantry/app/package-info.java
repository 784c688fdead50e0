// SPDX-License-Identifier: Apache-2.0
/** The process: reads the YAML, wires everything by hand, and is the command line. */
@NullMarked
package io.gantry.app;

import org.jspecify.annotations.NullMarked;

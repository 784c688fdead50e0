// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of single decisions; the way as a whole is measured from outside. */
@NullMarked
package io.gantry.bench;

import org.jspecify.annotations.NullMarked;

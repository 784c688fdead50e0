// SPDX-License-Identifier: Apache-2.0
/** Who is let in, and what he may do. */
@NullMarked
package io.gantry.security;

import org.jspecify.annotations.NullMarked;

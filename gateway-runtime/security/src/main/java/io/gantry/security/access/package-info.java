// SPDX-License-Identifier: Apache-2.0
/** What those let in may do, by the rules of their roles. */
@NullMarked
package io.gantry.security.access;

import org.jspecify.annotations.NullMarked;

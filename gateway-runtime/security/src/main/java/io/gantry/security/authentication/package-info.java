// SPDX-License-Identifier: Apache-2.0
/** The ways to find out who somebody is. Only {@code io.gantry.security} uses them; others see its façades. */
@NullMarked
package io.gantry.security.authentication;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Who somebody is, what he may do, and how that is found out: what listeners ask and the security module answers. */
@NullMarked
package io.gantry.api.security;

import org.jspecify.annotations.NullMarked;

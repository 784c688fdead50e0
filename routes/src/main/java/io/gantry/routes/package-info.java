// SPDX-License-Identifier: Apache-2.0
/** A route of the YAML becomes a Camel route. */
@NullMarked
package io.gantry.routes;

import org.jspecify.annotations.NullMarked;

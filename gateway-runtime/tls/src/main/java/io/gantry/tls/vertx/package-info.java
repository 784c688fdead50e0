// SPDX-License-Identifier: Apache-2.0
/** What HTTP servers here have in common: Vert.x and its TLS. The only package of the module that sees Vert.x. */
@NullMarked
package io.gantry.tls.vertx;

import org.jspecify.annotations.NullMarked;

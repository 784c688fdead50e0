// SPDX-License-Identifier: Apache-2.0
/** TLS of HTTP servers. The only package here that sees Vert.x. */
@NullMarked
package io.gantry.tls.vertx;

import org.jspecify.annotations.NullMarked;

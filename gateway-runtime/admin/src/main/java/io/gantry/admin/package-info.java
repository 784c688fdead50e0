// SPDX-License-Identifier: Apache-2.0
/** The admin port: health, metrics, status and dead letters over HTTP, and the client that the commands use. */
@NullMarked
package io.gantry.admin;

import org.jspecify.annotations.NullMarked;

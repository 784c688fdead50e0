// SPDX-License-Identifier: Apache-2.0
/** To HTTP services through camel-http. */
@NullMarked
package io.gantry.connectors.http;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.gantry.connectors.amqp;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.gantry.connectors.mqtt;

import org.jspecify.annotations.NullMarked;

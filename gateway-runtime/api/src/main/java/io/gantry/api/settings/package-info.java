// SPDX-License-Identifier: Apache-2.0
/** How a record declares itself as a part of the YAML: its keys, their defaults and their documentation. */
@NullMarked
package io.gantry.api.settings;

import org.jspecify.annotations.NullMarked;

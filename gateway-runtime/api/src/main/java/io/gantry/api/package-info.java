// SPDX-License-Identifier: Apache-2.0
/** Values that travel between the modules, and the doors they travel through. Sees nothing but the JDK. */
@NullMarked
package io.gantry.api;

import org.jspecify.annotations.NullMarked;

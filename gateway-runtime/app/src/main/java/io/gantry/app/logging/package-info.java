// SPDX-License-Identifier: Apache-2.0
/** What is logged, and how it looks. */
@NullMarked
package io.gantry.app.logging;

import org.jspecify.annotations.NullMarked;

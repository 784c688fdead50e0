// SPDX-License-Identifier: Apache-2.0
/** Files that a running gateway follows: what they hold is read again when they change. */
@NullMarked
package io.gantry.api.files;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** The doors to what must outlive the process. What a second node would have to know stays behind them. */
@NullMarked
package io.gantry.api.store;

import org.jspecify.annotations.NullMarked;

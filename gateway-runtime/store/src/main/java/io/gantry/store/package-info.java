// SPDX-License-Identifier: Apache-2.0
/** The one embedded database, RocksDB behind the doors of {@code io.gantry.api.store}. */
@NullMarked
package io.gantry.store;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** The certificates of whatever listens, read again when their files change. */
@NullMarked
package io.gantry.tls;

import org.jspecify.annotations.NullMarked;

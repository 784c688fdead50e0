// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import org.jspecify.annotations.Nullable;

/** Where a {@link Template} finds what stands in its braces. */
@FunctionalInterface
public interface Values {
    /** The value of a name, or null when this message has none. */
    @Nullable String value(String name);
}

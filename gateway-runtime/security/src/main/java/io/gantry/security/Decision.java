// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import org.jspecify.annotations.Nullable;

/**
 * Whether something may be done, and why.
 *
 * @param rule that decided; null when none fits, which denies
 */
public record Decision(boolean allowed, @Nullable AccessRule rule) {
    /** No rule fits. */
    public static final Decision NONE = new Decision(false, null);

    /** As the rule says. */
    public static Decision by(AccessRule rule) {
        return new Decision(!rule.kind().denies(), rule);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.util.Locale;

/** How constants are called outside: {@code full-oldest}, as in the YAML. */
final class Names {
    private Names() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

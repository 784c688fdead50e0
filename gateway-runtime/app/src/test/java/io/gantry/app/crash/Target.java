// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import java.util.List;

/** Where a route leads, in the world outside. */
@FunctionalInterface
interface Target {
    /** All that is there now, in its order. */
    List<Seen> seen();
}

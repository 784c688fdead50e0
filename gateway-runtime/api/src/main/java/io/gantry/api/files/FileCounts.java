// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.files;

import java.util.concurrent.atomic.LongAdder;

/** How often files were renewed, and how often they could not be used, since the start. Any thread. */
public final class FileCounts implements FileEvents {
    private final LongAdder renewals = new LongAdder();
    private final LongAdder failures = new LongAdder();

    @Override
    public void renewed(String file) {
        renewals.increment();
    }

    @Override
    public void failed(String file, String reason) {
        failures.increment();
    }

    /** How often something new came into use. */
    public long renewals() {
        return renewals.sum();
    }

    /** How often something could not be used. */
    public long failures() {
        return failures.sum();
    }
}

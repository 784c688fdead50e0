// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** How much of the memory outside the heap, where packets are read and written, is in use. Any thread. */
final class DirectMemoryInUse {
    private static final double WHOLE = 100;
    private static final BufferPoolMXBean POOL = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();

    private DirectMemoryInUse() {}

    /** In percent of the largest: Netty's own count or the JVM's, as it depends on the JDK through which of the two it goes. */
    static double percent() {
        long used = Math.max(PlatformDependent.usedDirectMemory(), POOL.getMemoryUsed());
        return WHOLE * used / PlatformDependent.maxDirectMemory();
    }
}

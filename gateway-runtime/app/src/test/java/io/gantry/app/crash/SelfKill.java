// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.LockSupport;

/** Kills its own process by SIGKILL: nothing is flushed, closed or said. */
final class SelfKill {
    private final OutputStream trigger;

    /** Gets ready: another process stands by, so that the kill itself takes no time. */
    SelfKill() {
        String command = "read now && kill -9 " + ProcessHandle.current().pid();
        try {
            trigger = new ProcessBuilder("/bin/sh", "-c", command).start().getOutputStream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Has the process killed within a moment; returns before. */
    void begin() {
        try {
            trigger.write('\n');
            trigger.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Has the process killed, and never returns. */
    void now() {
        begin();
        while (true) {
            LockSupport.park(this);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small disk in memory, where this process may mount one. */
final class Tmpfs implements AutoCloseable {
    private final Path path;
    private final boolean mounted;

    private Tmpfs(Path path, boolean mounted) {
        this.path = path;
        this.mounted = mounted;
    }

    static Tmpfs mount(Path path, String size) throws IOException, InterruptedException {
        Files.createDirectories(path);
        return new Tmpfs(path, run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", path.toString()));
    }

    boolean isMounted() {
        return mounted;
    }

    void makeReadOnly() throws IOException, InterruptedException {
        if (!run("mount", "-o", "remount,ro", path.toString())) {
            throw new IOException("cannot be made read-only");
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(List.of(command))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (mounted && !run("umount", path.toString())) {
            throw new IOException("cannot be unmounted");
        }
    }
}

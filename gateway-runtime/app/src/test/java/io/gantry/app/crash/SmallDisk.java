// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk so small that it can be filled: a tmpfs, where this user may mount one. */
final class SmallDisk implements AutoCloseable {
    private static final String SIZE = "size=256m";
    private static final int PIECE = 1 << 20;

    private final Path directory;
    private final boolean mounted;

    private SmallDisk(Path directory, boolean mounted) {
        this.directory = directory;
        this.mounted = mounted;
    }

    /** Mounts one at a directory, which is made; see {@link #isMounted()} for whether that worked. */
    static SmallDisk mount(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        return new SmallDisk(directory, succeeds("mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", directory.toString()));
    }

    boolean isMounted() {
        return mounted;
    }

    Path directory() {
        return directory;
    }

    /** Leaves no room at all. */
    void fill() throws IOException {
        FileStore disk = Files.getFileStore(directory);
        try (OutputStream out = Files.newOutputStream(filling())) {
            byte[] piece = new byte[PIECE];
            while (disk.getUsableSpace() > 0) {
                out.write(piece, 0, (int) Math.min(PIECE, disk.getUsableSpace()));
            }
        } catch (IOException full) {
            // somebody else took the last of it
            return;
        }
    }

    /** Gives back what {@link #fill} took. */
    void empty() throws IOException {
        Files.delete(filling());
    }

    private Path filling() {
        return directory.resolve("filling");
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (mounted && !succeeds("umount", directory.toString())) {
            throw new IOException("cannot unmount " + directory);
        }
    }
}

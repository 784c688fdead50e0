// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of the source tree, for tests of what is not Java. */
final class Repository {

    private Repository() {}

    /** Its root, found from wherever the tests were started. */
    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("gantry")) || !Files.exists(directory.resolve("LICENSE"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "no source tree around " + Path.of("").toAbsolutePath());
            }
            directory = parent;
        }
        return directory;
    }

    static String read(String path) throws IOException {
        return Files.readString(root().resolve(path));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** What is to be said of files that hold secrets. */
public final class SecretFile {
    private SecretFile() {}

    /**
     * Whether everybody on this machine may read it, as its own permissions say; those of its directory are not looked at.
     * Where files have no such permissions, or it cannot be found out, nothing is said of them.
     */
    public static boolean isOpenToAll(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.settings.InvalidSettingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads files with keys. What it throws names the file and quotes nothing of it. */
final class JweKeyFile {
    private static final int MAX_BYTES = 256 * 1_024;

    private JweKeyFile() {}

    /**
     * What stands in a file.
     *
     * @throws InvalidSettingException when it cannot be read
     */
    static String textOf(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new InvalidSettingException("key", "must be a file of at most 256KiB, '" + file + "' is larger");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException unreadable) {
            throw new InvalidSettingException(
                    "key",
                    "must be a file that can be read, was '" + file + "': "
                            + unreadable.getClass().getSimpleName());
        }
    }

    /** Whether there is a private or a secret key in it; not when it cannot be read, which is said elsewhere. */
    static boolean isSecret(String file) {
        try {
            return keysOf(List.of(file), List.of(textOf(file))).stream().anyMatch(key -> key.forDecrypting() != null);
        } catch (InvalidSettingException unusable) {
            return false;
        }
    }

    /**
     * The keys in all of the files.
     *
     * @param texts what stands in them, in the same order
     * @throws InvalidSettingException when one holds none, or one that cannot be used
     */
    static List<JweKey> keysOf(List<String> files, List<String> texts) {
        List<JweKey> keys = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            try {
                keys.addAll(JweKeyText.read(texts.get(i)));
            } catch (IllegalArgumentException unusable) {
                throw new InvalidSettingException("key", "'" + files.get(i) + "' " + unusable.getMessage());
            }
        }
        return keys;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.files.FileCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the steps that decrypt and encrypt, one for all who want the same, and keeps their keys fresh. */
final class PayloadCrypto implements AutoCloseable {
    private final KeyFiles files = new KeyFiles();
    private final Map<Record, MessageStep> steps = new HashMap<>();

    /** In the order in which a message passes them. */
    synchronized List<MessageStep> steps(@Nullable DecryptSettings decrypt, @Nullable EncryptSettings encrypt) {
        List<MessageStep> wanted = new ArrayList<>();
        if (decrypt != null) {
            wanted.add(steps.computeIfAbsent(decrypt, settings -> new Decryption(decrypt, files)));
        }
        if (encrypt != null) {
            wanted.add(steps.computeIfAbsent(encrypt, settings -> new Encryption(encrypt, files)));
        }
        return List.copyOf(wanted);
    }

    /** What became of files that have changed. */
    FileCounts files() {
        return files.counts();
    }

    @Override
    public void close() {
        files.close();
    }
}

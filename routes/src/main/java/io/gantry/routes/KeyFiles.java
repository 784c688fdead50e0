// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.files.FileCounts;
import io.gantry.api.files.FileWatch;
import io.gantry.api.files.FollowedFiles;
import io.gantry.api.files.FollowedFiles.Look;
import io.gantry.api.files.SecretFile;
import io.gantry.api.settings.InvalidSettingException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files with keys of all routes. Has one thread that looks at them, {@code gantry-keys}, from the first file on. */
final class KeyFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFiles.class);

    private final List<Kept<?>> kept = new CopyOnWriteArrayList<>();
    private final FileCounts counts = new FileCounts();
    private @Nullable FileWatch watch;

    /** Makes something of the contents of files. */
    @FunctionalInterface
    interface Reading<T> {
        /** @throws InvalidSettingException when nothing can be made of them */
        T read(List<String> texts);
    }

    /** What is made of some files. */
    private record Kept<T>(List<String> files, FollowedFiles<T> followed) {}

    /**
     * What the files hold, always the newest that could be read.
     *
     * @throws InvalidSettingException when that cannot be read now
     */
    synchronized <T> Supplier<T> keep(List<String> files, Reading<T> reading) {
        FollowedFiles<T> followed = FollowedFiles.open(
                files.stream().map(Path::of).toList(),
                () -> reading.read(files.stream().map(JweKeyFile::textOf).toList()));
        kept.add(new Kept<>(files, followed));
        warnOfOpen(files);
        if (watch == null) {
            watch = FileWatch.start("gantry-keys", this::look, fault -> LOG.atError()
                    .setCause(fault)
                    .log("a fault of our own while looking at files with keys"));
        }
        return followed::current;
    }

    /** Looks now. */
    synchronized void look() {
        for (Kept<?> each : kept) {
            Look found = each.followed.look();
            if (found instanceof Look.Renewed) {
                LOG.atInfo().addKeyValue("files", each.files).log("keys for payloads read again");
                counts.renewed(each.files.get(0));
                warnOfOpen(each.files);
            } else if (found instanceof Look.Failed failed) {
                // what is no complaint about a setting is a fault of a library, whose message may quote the file
                String cause = failed.cause() instanceof InvalidSettingException unusable
                        ? Objects.requireNonNullElse(unusable.getMessage(), "")
                        : failed.cause().getClass().getSimpleName();
                LOG.atWarn()
                        .addKeyValue("files", each.files)
                        .addKeyValue("cause", cause)
                        .log("new keys for payloads cannot be used, those read before stay");
                counts.failed(each.files.get(0), cause);
            }
        }
    }

    /** A recipient's public key may be read by everybody, so nothing is said of that. */
    private static void warnOfOpen(List<String> files) {
        for (String file : files) {
            if (SecretFile.isOpenToAll(Path.of(file)) && JweKeyFile.isSecret(file)) {
                LOG.atWarn()
                        .addKeyValue("file", file)
                        .log("keys for payloads are in a file that everybody on this machine may read, expected a file"
                                + " that only the gateway's user may (chmod 600)");
            }
        }
    }

    /** What became of files that have changed. */
    FileCounts counts() {
        return counts;
    }

    @Override
    public synchronized void close() {
        if (watch != null) {
            watch.close();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.settings.InvalidSettingException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every two seconds whether files with keys have other contents. What cannot be read then leaves the keys that were
 * there. Has one thread, {@code gantry-keys}, from the first file on.
 */
final class KeyFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFiles.class);
    private static final int PERIOD_SECONDS = 2;

    private final List<Kept<?>> kept = new CopyOnWriteArrayList<>();
    private @Nullable ScheduledExecutorService thread;

    /** Makes something of the contents of files. */
    @FunctionalInterface
    interface Reading<T> {
        /** @throws InvalidSettingException when nothing can be made of them */
        T read(List<String> texts);
    }

    /**
     * What the files hold, always the newest that could be read.
     *
     * @throws InvalidSettingException when that cannot be read now
     */
    synchronized <T> Supplier<T> keep(List<String> files, Reading<T> reading) {
        Kept<T> newOne = new Kept<>(files, reading);
        kept.add(newOne);
        if (thread == null) {
            thread = Executors.newSingleThreadScheduledExecutor(work -> {
                Thread named = new Thread(work, "gantry-keys");
                named.setDaemon(true);
                return named;
            });
            var unused = thread.scheduleWithFixedDelay(this::look, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
        }
        return newOne;
    }

    /** Looks now. */
    void look() {
        kept.forEach(Kept::look);
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    private static final class Kept<T> implements Supplier<T> {
        private final List<String> files;
        private final Reading<T> reading;
        private List<String> seen;
        private String complaint = "";
        private volatile T current;

        Kept(List<String> files, Reading<T> reading) {
            this.files = List.copyOf(files);
            this.reading = reading;
            this.seen = texts();
            this.current = reading.read(seen);
        }

        @Override
        public T get() {
            return current;
        }

        /** Says only once what is wrong with a new content. */
        synchronized void look() {
            try {
                List<String> now = texts();
                if (!now.equals(seen)) {
                    seen = now;
                    current = reading.read(now);
                    complaint = "";
                    LOG.atInfo().addKeyValue("files", files).log("keys for payloads read again");
                }
            } catch (InvalidSettingException unusable) {
                stay(unusable);
            } catch (RuntimeException broken) {
                LOG.atWarn()
                        .addKeyValue("files", files)
                        .setCause(broken)
                        .log("keys for payloads could not be looked at");
            }
        }

        private void stay(InvalidSettingException unusable) {
            String cause = String.valueOf(unusable.getMessage());
            if (!cause.equals(complaint)) {
                complaint = cause;
                LOG.atWarn()
                        .addKeyValue("files", files)
                        .addKeyValue("cause", cause)
                        .log("new keys for payloads cannot be used, those read before stay");
            }
        }

        private List<String> texts() {
            return files.stream().map(JweKeyFile::textOf).toList();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.app.config.GatewaySettings;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.app.yaml.Problem;
import io.gantry.security.RoleSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a running gateway, read again when it changes: other roles take effect at once, of what else is new it says that
 * it needs a restart, and one that is wrong changes nothing.
 */
final class FollowedConfig implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedConfig.class);
    private static final long LOOK_SECONDS = 2;
    private static final int PROBLEMS_SHOWN = 5;

    private final Path file;
    private final Reading reading;
    private final Consumer<Map<String, RoleSettings>> roles;
    private final ScheduledExecutorService clockwork = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "gantry-config");
        thread.setDaemon(true);
        return thread;
    });

    private GatewaySettings present;
    private @Nullable Stamp seen;

    /** Reads the file. */
    @FunctionalInterface
    interface Reading {
        GatewaySettings read() throws InvalidConfigException;
    }

    /** How a file is seen to have changed; one that is replaced has another key. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {}

    /**
     * Of a gateway that was started with some settings. Nothing is looked at before {@link #start} or {@link #look}.
     *
     * @param roles is given other roles when there are some
     */
    FollowedConfig(Path file, Reading reading, GatewaySettings present, Consumer<Map<String, RoleSettings>> roles) {
        this.file = file;
        this.reading = reading;
        this.present = present;
        this.roles = roles;
    }

    /** Looks every 2 seconds from now on. */
    FollowedConfig start() {
        clockwork.scheduleWithFixedDelay(this::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    /** Reads the file again if it has changed. One thread at a time. */
    void look() {
        Stamp found = stamp();
        if (found == null || found.equals(seen)) {
            return;
        }
        seen = found;
        try {
            take(reading.read());
        } catch (InvalidConfigException invalid) {
            LOG.atWarn()
                    .addKeyValue("problems", firstOf(invalid.problems()))
                    .log("the changed configuration is wrong, what was in force before stays");
        } catch (RuntimeException failure) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("cause", failure)
                    .log("the changed configuration cannot be used, what was in force before stays");
        }
    }

    /** Null while there is no file: it may just be replaced. */
    private @Nullable Stamp stamp() {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
        } catch (IOException missing) {
            return null;
        }
    }

    private void take(GatewaySettings next) {
        Map<String, RoleSettings> before = present.security().roles();
        Map<String, RoleSettings> after = next.security().roles();
        List<String> others = present.otherKeys(next);
        if (before != null && after != null && !before.equals(after)) {
            roles.accept(after);
            LOG.atInfo()
                    .addKeyValue("roles", new TreeSet<>(after.keySet()))
                    .log("access rules changed, connected devices are judged by the new ones");
        }
        if (!others.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("keys", others)
                    .log("the changed configuration has other settings that need a restart");
        }
        present = present.with(present.security().with(before != null && after != null ? after : before));
    }

    private static String firstOf(List<Problem> problems) {
        String first =
                problems.stream().limit(PROBLEMS_SHOWN).map(Problem::toString).collect(Collectors.joining("; "));
        int more = problems.size() - PROBLEMS_SHOWN;
        return more > 0 ? first + "; and " + more + " more" : first;
    }

    @Override
    public void close() {
        clockwork.shutdownNow();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.api.files.FileWatch;
import io.gantry.api.files.FollowedFiles;
import io.gantry.api.files.FollowedFiles.Look;
import io.gantry.app.config.GatewaySettings;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.app.yaml.Problem;
import io.gantry.security.RoleSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
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
    private static final int PROBLEMS_SHOWN = 5;

    private final Consumer<Map<String, RoleSettings>> roles;
    private final FollowedFiles<GatewaySettings> followed;
    private GatewaySettings present;
    private @Nullable FileWatch watch;

    /**
     * Of a gateway that was started with what was current then. Nothing is looked at before {@link #start} or {@link #look}.
     *
     * @param roles is given other roles when there are some
     */
    FollowedConfig(FollowedFiles<GatewaySettings> followed, Consumer<Map<String, RoleSettings>> roles) {
        this.followed = followed;
        this.present = followed.current();
        this.roles = roles;
    }

    /** Looks every 2 seconds from now on. */
    FollowedConfig start() {
        watch = FileWatch.start("gantry-config", this::look, fault -> LOG.atWarn()
                .addKeyValue("file", followed.name())
                .setCause(fault)
                .log("the changed configuration cannot be used, what was in force before stays"));
        return this;
    }

    /** Reads the file again if it has changed. One thread at a time. */
    void look() {
        Look found = followed.look();
        if (found instanceof Look.Renewed) {
            take(followed.current());
        } else if (found instanceof Look.Failed failed) {
            complain(failed.cause());
        }
    }

    private void complain(Exception cause) {
        if (cause instanceof InvalidConfigException invalid) {
            LOG.atWarn()
                    .addKeyValue("problems", firstOf(invalid.problems()))
                    .log("the changed configuration is wrong, what was in force before stays");
        } else {
            LOG.atWarn()
                    .addKeyValue("file", followed.name())
                    .addKeyValue("cause", cause)
                    .log("the changed configuration cannot be used, what was in force before stays");
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
                    .addKeyValue("file", followed.name())
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
        if (watch != null) {
            watch.close();
        }
    }
}

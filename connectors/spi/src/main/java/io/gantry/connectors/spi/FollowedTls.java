// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.api.files.FileWatch;
import io.gantry.api.files.FollowedFiles;
import io.gantry.api.files.FollowedFiles.Look;
import io.gantry.api.settings.InvalidSettingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS towards a target, from files that are looked at every two seconds. What is right in them counts from the next
 * connection on, and none is dropped for it; what is wrong is said once, and what there was before stays. Any thread.
 */
public final class FollowedTls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedTls.class);

    private final String endpoint;
    private final FollowedFiles<SSLContext> files;
    private final @Nullable FileWatch watch;

    private FollowedTls(String endpoint, TlsSettings settings, Duration interval) {
        this.endpoint = endpoint;
        List<Path> paths = settings.files();
        this.files = FollowedFiles.open(paths, settings::context);
        this.watch = paths.isEmpty()
                ? null
                : FileWatch.start("gantry-tls-" + endpoint, interval, this::look, fault -> LOG.atError()
                        .setCause(fault)
                        .log("a fault of our own while looking at the files of an endpoint's TLS"));
    }

    /**
     * Reads the files.
     *
     * @throws InvalidSettingException when one does not hold what it should
     */
    static FollowedTls open(String endpoint, TlsSettings settings, Duration interval) {
        return new FollowedTls(endpoint, settings, interval);
    }

    /** TLS 1.2 and 1.3 for the next connection; another context once the files have changed, so that no session is resumed. */
    public SSLContext context() {
        return files.current();
    }

    private void look() {
        Look found = files.look();
        if (found instanceof Look.Renewed) {
            LOG.atInfo()
                    .addKeyValue("endpoint", endpoint)
                    .log("a file of an endpoint's TLS was changed, and is in use");
        } else if (found instanceof Look.Failed failed) {
            LOG.atWarn()
                    .addKeyValue("endpoint", endpoint)
                    .addKeyValue("reason", failed.reason("tls"))
                    .log(
                            "a file of an endpoint's TLS was changed and cannot be used; what it held before stays in use");
        }
    }

    /** Looks at the files no more. */
    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
    }
}

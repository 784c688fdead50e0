// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.api.files.FileEvents;
import io.gantry.api.security.ServerTls;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.mqtt.MqttServer;
import io.gantry.tls.ReloadingTls;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The certificates of listeners, whose files are watched until the end; what becomes of those that change is counted. */
final class ListenerCertificates implements AutoCloseable {
    private final FileEvents events;
    private final List<Opened> open = new CopyOnWriteArrayList<>();

    /** Of one listener. */
    private record Opened(String listener, ReloadingTls tls) {}

    ListenerCertificates(MqttServer server) {
        this.events = new FileEvents() {
            @Override
            public void renewed(String file) {
                server.countTlsFile(true);
            }

            @Override
            public void failed(String file, String reason) {
                server.countTlsFile(false);
            }
        };
    }

    /**
     * Reads the files; null when there are no settings.
     *
     * @param listener its URL
     * @throws IllegalArgumentException when a file does not hold what it should
     */
    @Nullable ServerTls of(String listener, @Nullable ServerTlsSettings settings) {
        if (settings == null) {
            return null;
        }
        try {
            ReloadingTls tls = ReloadingTls.open(settings, events);
            open.add(new Opened(listener, tls));
            return tls;
        } catch (InvalidSettingException refused) {
            throw new IllegalArgumentException(
                    "listener " + listener + ": " + refused.key().orElse("tls") + ": " + refused.getMessage(), refused);
        }
    }

    /** When the first of the certificates ends that a listener shows, by its URL. Any thread. */
    Map<String, Instant> expiries() {
        Map<String, Instant> now = new HashMap<>();
        open.forEach(each -> now.merge(each.listener, each.tls.expiry(), (a, b) -> a.isBefore(b) ? a : b));
        return now;
    }

    @Override
    public void close() {
        open.forEach(each -> each.tls.close());
    }
}

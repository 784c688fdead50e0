// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.api.security.ServerTls;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.mqtt.MqttServer;
import io.gantry.tls.ReloadingTls;
import io.gantry.tls.TlsEvents;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The certificates of listeners, whose files are watched until the end; what becomes of those that change is counted. */
final class ListenerCertificates implements AutoCloseable {
    private final TlsEvents events;
    private final List<ReloadingTls> open = new ArrayList<>();

    ListenerCertificates(MqttServer server) {
        this.events = new TlsEvents() {
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
     * @param listener for the error
     * @throws IllegalArgumentException when a file does not hold what it should
     */
    @Nullable ServerTls of(String listener, @Nullable ServerTlsSettings settings) {
        if (settings == null) {
            return null;
        }
        try {
            ReloadingTls tls = ReloadingTls.open(settings, events);
            open.add(tls);
            return tls;
        } catch (InvalidSettingException refused) {
            throw new IllegalArgumentException(
                    "listener " + listener + ": " + refused.key().orElse("tls") + ": " + refused.getMessage(), refused);
        }
    }

    @Override
    public void close() {
        open.forEach(ReloadingTls::close);
    }
}

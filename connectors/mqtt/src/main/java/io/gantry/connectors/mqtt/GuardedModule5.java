// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.jspecify.annotations.Nullable;

/** A connection of Paho's with a {@link PacketGuard} before what is read. */
final class GuardedModule5 implements NetworkModule {
    private final NetworkModule module;
    private final long largest;
    private final Map<Integer, Integer> refusals;
    private @Nullable InputStream guard;

    GuardedModule5(NetworkModule module, long largest, Map<Integer, Integer> refusals) {
        this.module = module;
        this.largest = largest;
        this.refusals = refusals;
    }

    @Override
    public void start() throws IOException, MqttException {
        guard = null;
        module.start();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        InputStream current = guard;
        if (current == null) {
            current = new PacketGuard(module.getInputStream(), largest, refusals);
            guard = current;
        }
        return current;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return module.getOutputStream();
    }

    @Override
    public void stop() throws IOException {
        module.stop();
    }

    @Override
    public String getServerURI() {
        return module.getServerURI();
    }
}

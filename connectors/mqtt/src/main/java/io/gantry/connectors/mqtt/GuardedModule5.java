// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.common.MqttException;

/** A connection of Paho's with a {@link Wire} below. */
final class GuardedModule5 implements NetworkModule {
    private final NetworkModule module;
    private final Wire wire;

    GuardedModule5(NetworkModule module, Wire wire) {
        this.module = module;
        this.wire = wire;
    }

    @Override
    public void start() throws IOException, MqttException {
        wire.restart();
        module.start();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return wire.reading(module.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return wire.writing(module.getOutputStream());
    }

    @Override
    public void stop() throws IOException {
        wire.stop();
        module.stop();
    }

    @Override
    public String getServerURI() {
        return module.getServerURI();
    }
}

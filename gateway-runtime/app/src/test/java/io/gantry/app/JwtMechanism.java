// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import com.hivemq.client.mqtt.datatypes.MqttUtf8String;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientConfig;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5Auth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5AuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5EnhancedAuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** The device's end of the Authentication Method {@code JWT}: shows the token it has, which can be changed. */
final class JwtMechanism implements DeviceMechanism {
    private volatile String token;

    JwtMechanism(String token) {
        this.token = token;
    }

    /** Is shown from now on. */
    void token(String later) {
        token = later;
    }

    private byte[] shown() {
        return token.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public MqttUtf8String getMethod() {
        return MqttUtf8String.of("JWT");
    }

    @Override
    public int getTimeout() {
        return Patience.SECONDS;
    }

    @Override
    public CompletableFuture<Void> onAuth(
            Mqtt5ClientConfig config, Mqtt5Connect connect, Mqtt5EnhancedAuthBuilder builder) {
        builder.data(shown());
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> onReAuth(Mqtt5ClientConfig config, Mqtt5AuthBuilder builder) {
        builder.data(shown());
        return CompletableFuture.completedFuture(null);
    }

    /** The gateway asks for nothing more than the token. */
    @Override
    public CompletableFuture<Boolean> onContinue(Mqtt5ClientConfig config, Mqtt5Auth auth, Mqtt5AuthBuilder builder) {
        return CompletableFuture.completedFuture(false);
    }
}

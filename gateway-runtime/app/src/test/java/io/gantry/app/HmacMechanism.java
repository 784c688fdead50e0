// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import com.hivemq.client.mqtt.datatypes.MqttUtf8String;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientConfig;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5Auth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5AuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5EnhancedAuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.AuthenticationMethod;
import io.gantry.api.security.AuthenticationMethod.Outcome;
import io.gantry.api.security.Identity;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Both ends of an Authentication Method for tests: the device signs what the server has drawn. The key can be changed. */
final class HmacMechanism implements DeviceMechanism {
    static final String NAME = "hmac-of-a-test";

    private volatile String key;

    HmacMechanism(String key) {
        this.key = key;
    }

    void key(String newKey) {
        key = newKey;
    }

    /** The server's end. */
    static AuthenticationMethod withKey(String key) {
        return claim -> {
            byte[] challenge = new SecureRandom().generateSeed(16);
            return data -> CompletableFuture.supplyAsync(() -> outcome(key, challenge, data));
        };
    }

    private static Outcome outcome(String key, byte[] challenge, @Nullable Payload data) {
        if (data == null) {
            return new Outcome.Continue(Payload.owning(challenge));
        }
        return MessageDigest.isEqual(signed(key, challenge), data.sharedBytes())
                ? new Outcome.Success(null, Identity.named("signer"))
                : new Outcome.Failure(ReasonCode.NOT_AUTHORIZED, "wrong signature");
    }

    private static byte[] signed(String key, byte[] challenge) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(challenge);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public MqttUtf8String getMethod() {
        return MqttUtf8String.of(NAME);
    }

    @Override
    public int getTimeout() {
        return 10;
    }

    @Override
    public CompletableFuture<Void> onAuth(
            Mqtt5ClientConfig config, Mqtt5Connect connect, Mqtt5EnhancedAuthBuilder builder) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> onReAuth(Mqtt5ClientConfig config, Mqtt5AuthBuilder builder) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Boolean> onContinue(Mqtt5ClientConfig config, Mqtt5Auth auth, Mqtt5AuthBuilder builder) {
        byte[] challenge = new byte[16];
        auth.getData().orElseThrow().get(challenge);
        builder.data(signed(key, challenge));
        return CompletableFuture.completedFuture(true);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import io.gantry.api.ClientId;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.security.AccessControl;
import io.gantry.api.security.AuthenticationMethod;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Gatekeeping;
import io.gantry.api.security.Identity;
import io.gantry.api.security.Permissions;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Lets in whose password is his name, for as long as the test says, and forbids what it says, both at any time. */
final class TestGates implements Authenticator, AccessControl {
    /** Becomes the verdict about a user of the name {@code slow}. */
    final CompletableFuture<Verdict> slow = new CompletableFuture<>();

    /** When the proof of a user ends. */
    final Map<String, Long> ends = new HashMap<>();

    /** Of everybody who has a name. */
    Set<String> roles = Set.of();

    /** What was shown last, for as long as anybody else holds it. */
    WeakReference<Credentials> lastShown = new WeakReference<>(null);

    private final Set<String> forbidden = new HashSet<>();

    Gatekeeping with(Map<String, AuthenticationMethod> methods) {
        return new Gatekeeping(this, methods, this);
    }

    Identity identity(String username) {
        return new Identity(username, roles, Map.of(), ends.getOrDefault(username, Identity.WITHOUT_END));
    }

    /** For example {@code "publish", "d1", "a/b"}. */
    void forbid(String what, String clientId, String topic) {
        forbidden.add(what + " " + clientId + " " + topic);
    }

    @Override
    public CompletionStage<Verdict> authenticate(Credentials shown) {
        lastShown = new WeakReference<>(shown);
        String name = shown.username();
        if (name == null || name.equals("unknown")) {
            return CompletableFuture.completedFuture(new Verdict.Unknown());
        }
        return switch (name) {
            case "slow" -> slow;
            case "broken" -> throw new IllegalStateException("a test breaks this authenticator");
            case "failing" ->
                CompletableFuture.failedFuture(new IllegalStateException("a test breaks this authenticator"));
            case "nameless" -> accepted(Identity.named(null));
            default ->
                isPasswordOf(name, shown.password())
                        ? accepted(identity(name))
                        : CompletableFuture.completedFuture(
                                new Verdict.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD, "wrong password"));
        };
    }

    private static boolean isPasswordOf(String name, @Nullable Payload password) {
        return password != null && password.equals(Payload.ofText(name));
    }

    private static CompletionStage<Verdict> accepted(Identity identity) {
        return CompletableFuture.completedFuture(new Verdict.Accepted(identity));
    }

    @Override
    public Permissions permissions(Identity identity, ClientId clientId) {
        return new Permissions() {
            @Override
            public boolean mayPublish(TopicName topic) {
                return allows("publish", topic.value());
            }

            @Override
            public boolean maySubscribe(TopicFilter filter) {
                return allows("subscribe", filter.value());
            }

            @Override
            public boolean mayReceive(TopicName topic) {
                return allows("receive", topic.value());
            }

            private boolean allows(String what, String topic) {
                if (topic.equals("broken")) {
                    throw new IllegalStateException("a test breaks this rule");
                }
                return !forbidden.contains(what + " " + clientId.value() + " " + topic);
            }
        };
    }
}

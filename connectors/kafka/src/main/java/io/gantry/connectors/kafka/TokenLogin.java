// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.connectors.spi.FollowedTls;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensions;
import org.apache.kafka.common.security.auth.SaslExtensionsCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.jspecify.annotations.Nullable;

/**
 * Gives Kafka's clients tokens, whenever they want a new one. Kafka's own handler wants Jackson, tokens that are JWTs,
 * and the address of the token server as a property of the whole JVM. Public, as Kafka makes it by its name.
 */
public final class TokenLogin implements AuthenticateCallbackHandler {
    /** The client's setting that holds the {@link FollowedTls} for the token server. */
    static final String CONTEXT = "gantry.token.tls.context";

    static final String ENDPOINT = "endpoint";
    static final String URL = "tokenUrl";
    static final String CLIENT_ID = "clientId";
    static final String CLIENT_SECRET = "clientSecret";
    static final String SCOPE = "scope";

    private @Nullable TokenSource source;
    private String clientId = "";

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
        Map<String, ?> options = entries.get(0).getOptions();
        clientId = String.valueOf(options.get(CLIENT_ID));
        source = new TokenSource(
                (FollowedTls) Objects.requireNonNull(configs.get(CONTEXT)),
                String.valueOf(options.get(URL)),
                clientId,
                String.valueOf(options.get(CLIENT_SECRET)),
                (String) options.get(SCOPE));
    }

    @Override
    public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof OAuthBearerTokenCallback wanted) {
                wanted.token(fetch());
            } else if (callback instanceof SaslExtensionsCallback extensions) {
                extensions.extensions(SaslExtensions.empty());
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    private OAuthBearerToken fetch() throws IOException {
        if (source == null) {
            throw new IllegalStateException("not configured");
        }
        return new Bearer(source.fetch(), clientId);
    }

    @Override
    public void close() {
        // It holds nothing open.
    }

    private record Bearer(TokenSource.Token token, String principalName) implements OAuthBearerToken {

        @Override
        public String value() {
            return token.value();
        }

        @Override
        public Set<String> scope() {
            return Set.of();
        }

        @Override
        public long lifetimeMs() {
            return token.endMillis();
        }

        @Override
        public Long startTimeMs() {
            return token.startMillis();
        }
    }
}

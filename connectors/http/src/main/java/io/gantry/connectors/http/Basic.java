// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Basic authentication (RFC 7617). */
final class Basic {
    private Basic() {}

    /** Refuses one without the other, and a name that ends where the password begins. */
    static void check(@Nullable String username, @Nullable Secret password) {
        if ((username == null) != (password == null)) {
            throw new InvalidSettingException(
                    username == null ? "password" : "username",
                    "must be given together with " + (username == null ? "username" : "password"));
        }
        if (username != null && username.indexOf(':') >= 0) {
            throw new InvalidSettingException("username", "must not contain a colon");
        }
    }

    /** What stands in the header. */
    static String header(String username, String password) {
        byte[] both = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }
}

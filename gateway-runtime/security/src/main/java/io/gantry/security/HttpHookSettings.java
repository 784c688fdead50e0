// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code http:} of an authenticator. */
@Description(
        "A server of yours that is asked about every device that comes this far: a POST of JSON with `clientId`, `address`"
                + " and, where the device has shown them, `username`, `password` and `certificate` (its subject). It answers 200 with"
                + " `{\"result\": \"allow\"}`, `deny` or `ignore`, which asks the next authenticator; with `allow` there may be"
                + " `username`, `roles` (a list) and `attributes` (an object whose NAME access rules call `{claim.NAME}`). 204 is an"
                + " `ignore`, 401 and 403 are a `deny`; with anything else, a redirect too, and when it is late, the device is refused.")
public record HttpHookSettings(
        @Description("Where it is asked: an `https` URL.") String url,

        @Description("A token that the server knows the gateway by: `Authorization: Bearer`.") @Nullable Secret token,

        @Description("File of the authorities trusted for the URL, in PEM. Left out, the JVM's own.") @Nullable String ca,

        @Description("Roles of everybody it allows, beside those of the answer.") @DefaultValue("[]")
        List<String> role,

        @Description("How long an answer is used again for the same question. 0s to 1h.") @DefaultValue("60s")
        Duration cache,

        @Description("How long an answer may take. 100ms to 4s.") @DefaultValue("3s")
        Duration timeout) {

    public HttpHookSettings {
        role = List.copyOf(role);
        Urls.check("url", url);
        Urls.checkTimes(cache, timeout);
        if (token != null && !token.reveal().matches("[\\x21-\\x7E]+")) {
            throw new InvalidSettingException("token", "must be visible ASCII characters without a blank");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;

/** One entry under {@code admin.tokens}. */
@Description("A token, and what its holder may do.")
public record TokenSettings(
        @Description(
                "What is sent as `Authorization: Bearer TOKEN`: 32 to 512 visible ASCII characters without a blank,"
                        + " such as `openssl rand -hex 32` makes them. From a file or the environment: `${file:PATH}`, `${NAME}`.")
        Secret token,

        @Description("`viewer` may look; `operator` may change too.")
        Role role) {

    private static final int SHORTEST = 32;
    private static final int LONGEST = 512;

    public TokenSettings {
        String text = token.reveal();
        if (text.length() < SHORTEST || text.length() > LONGEST) {
            throw new InvalidSettingException(
                    "token",
                    "must have " + SHORTEST + " to " + LONGEST + " characters, has " + text.length()
                            + "; a good one is made by: openssl rand -hex 32");
        }
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new InvalidSettingException("token", "must be visible ASCII characters without a blank");
        }
    }
}

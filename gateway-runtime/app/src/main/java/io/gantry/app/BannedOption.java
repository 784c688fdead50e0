// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.Bans;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say who is banned: exactly one of them. */
final class BannedOption {

    @Option(names = "--address", paramLabel = "ADDRESS", description = "Whoever comes from this IP address.")
    private @Nullable String address;

    @Option(names = "--client-id", paramLabel = "ID", description = "The device with this Client Identifier.")
    private @Nullable String clientId;

    @Option(names = "--username", paramLabel = "NAME", description = "Whoever connects as this user.")
    private @Nullable String username;

    Bans.Kind kind() {
        return address != null ? Bans.Kind.ADDRESS : clientId != null ? Bans.Kind.CLIENT_ID : Bans.Kind.USERNAME;
    }

    String value() {
        return address != null ? address : clientId != null ? clientId : String.valueOf(username);
    }
}

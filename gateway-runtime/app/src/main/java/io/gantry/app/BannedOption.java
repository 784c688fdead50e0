// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.Bans;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say who is banned: exactly one of them. */
final class BannedOption {

    @Option(names = "--address", paramLabel = "ADDRESS", description = "Whoever comes from this IP address.")
    private @Nullable String address;

    @Option(names = "--client-id", paramLabel = "ID", description = "The device with this Client Identifier.")
    private @Nullable String clientId;

    @Option(
            names = "--client-at-address",
            paramLabel = "ID@ADDRESS",
            description = "The device with this Client Identifier, where it comes from this IP address.")
    private @Nullable String clientAtAddress;

    @Option(names = "--username", paramLabel = "NAME", description = "Whoever connects as this user.")
    private @Nullable String username;

    Bans.Kind kind() {
        if (address != null) {
            return Bans.Kind.ADDRESS;
        } else if (clientId != null) {
            return Bans.Kind.CLIENT_ID;
        }
        return clientAtAddress != null ? Bans.Kind.CLIENT_AT_ADDRESS : Bans.Kind.USERNAME;
    }

    String value() {
        return Stream.of(address, clientId, clientAtAddress, username)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }
}

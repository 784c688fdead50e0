// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.files.FileCounts;
import io.gantry.tls.ReloadingTls;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the admin port shows of itself. Any thread.
 *
 * @param connections those closed for want of room
 * @param files those of TLS
 * @param tls null for plain HTTP
 */
record OwnNumbers(
        Entrance entrance,
        ConnectionCounts connections,
        FileCounts files,
        @Nullable ReloadingTls tls) {

    /** When the first of the certificates ends that are shown. */
    Optional<Instant> certificateExpiry() {
        return Optional.ofNullable(tls).map(ReloadingTls::expiry);
    }
}

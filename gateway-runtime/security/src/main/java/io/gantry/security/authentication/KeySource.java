// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import com.nimbusds.jose.JWSHeader;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where the keys for a token come from. Any thread; never blocks. */
@FunctionalInterface
interface KeySource {

    /** The keys by which a token with this header may have been signed; none when it is refused. Completes within seconds. */
    CompletableFuture<List<VerificationKey>> fitting(JWSHeader header);

    /** Always the same. */
    static KeySource of(VerificationKeys keys) {
        return header -> CompletableFuture.completedFuture(keys.fitting(header));
    }

    /** What a file holds. */
    static KeySource of(WatchedFile<VerificationKeys> file) {
        return header -> CompletableFuture.completedFuture(file.content().fitting(header));
    }
}

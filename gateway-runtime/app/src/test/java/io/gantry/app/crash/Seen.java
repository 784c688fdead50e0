// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/**
 * A message as a target got it.
 *
 * @param stamp empty when its payload begins with none
 * @param topic the Topic Name that came with it
 * @param id the gateway's name for it, the same at every attempt
 */
record Seen(Optional<Stamp> stamp, String topic, long digest, String id) {

    static Seen of(byte[] payload, String topic, String id) {
        return new Seen(Stamp.readFrom(payload), topic, Stamp.digest(payload), id);
    }

    static Seen of(String payload, String topic, String id) {
        return of(payload.getBytes(UTF_8), topic, id);
    }
}

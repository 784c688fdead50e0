// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.store;

import java.util.List;

/**
 * A session with what belongs to it, as it is found at start-up.
 *
 * @param received packet identifiers of QoS 2 messages the device has sent and not released
 * @param inFlight packet identifiers towards the device, by number; their order on the wire is that of their sequences
 */
public record SessionState(
        StoredSession session,
        List<StoredSubscription> subscriptions,
        List<Integer> received,
        List<StoredInFlight> inFlight) {}

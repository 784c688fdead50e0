// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.store;

/**
 * What a packet identifier towards a device stands for.
 *
 * @param packetId 1 to 65,535
 * @param sequence of the message in the session's queue; where it is no longer there, only the identifier is under way
 * @param received true once the device has sent PUBREC
 */
public record StoredInFlight(int packetId, long sequence, boolean received) {}

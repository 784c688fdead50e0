// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.store;

/** Whether a store takes writes. Reading goes on in every state. */
public sealed interface StoreHealth {

    /** Writes are taken. */
    record Ready() implements StoreHealth {}

    /** No room: writes are refused until there is, except those that may use the reserve. */
    record Full(String reason) implements StoreHealth {}

    /** A write or sync has failed: nothing is acknowledged any longer until the process is started again. */
    record Failed(String reason) implements StoreHealth {}
}

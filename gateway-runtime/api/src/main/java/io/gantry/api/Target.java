// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import org.jspecify.annotations.Nullable;

/**
 * The way from a route to one target.
 *
 * @param sink takes messages once the routes are started; to be called on one thread for each endpoint, which may be made
 *     to wait while the target's client has no room
 * @param keepsOrder whether messages may be offered without waiting for the answers of those before: once one has failed
 *     for now, none that was offered after it to the same place is delivered any more
 * @param transactions how the target takes messages exactly once, between whose begin and commit they are then offered to
 *     the sink; null for targets that do not
 */
public record Target(
        Sink sink, boolean keepsOrder, @Nullable Transactions transactions) {}

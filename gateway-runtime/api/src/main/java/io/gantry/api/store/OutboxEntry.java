// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.store;

import io.gantry.api.Message;

/**
 * A message that waits for one target of a route.
 *
 * @param sequence its place in the outbox, from 1, ascending
 */
public record OutboxEntry(long sequence, Message message) {}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.store;

/**
 * What is in an outbox.
 *
 * @param bytes the sum of {@link OutboxEntry#bytes}
 */
public record OutboxSize(long messages, long bytes) {}

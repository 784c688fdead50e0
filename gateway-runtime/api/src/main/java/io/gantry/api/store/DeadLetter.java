// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.store;

import io.gantry.api.Message;

/**
 * A message that could not be delivered and is kept.
 *
 * @param number given by {@link Store#newDeadLetterNumber}
 * @param route the route's name in the YAML
 * @param attempts how often it was tried
 * @param error what the last attempt said
 * @param atMillis wall-clock time at which it was given up
 */
public record DeadLetter(long number, String route, Message message, int attempts, String error, long atMillis) {}

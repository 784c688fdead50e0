// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

/**
 * A message as its device published it.
 *
 * @param digest of its payload
 */
record Published(Stamp stamp, int qos, String topic, long digest) {}

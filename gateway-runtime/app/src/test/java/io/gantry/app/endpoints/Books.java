// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

/**
 * What the gateway says of one way.
 *
 * @param givenUp dead letters, kept over its starts, or messages it has rejected since its last start
 * @param waiting what has been taken and is neither delivered nor given up
 * @param closed whether what was taken is what was delivered, what was given up and what waits, and nothing else
 */
record Books(long givenUp, long waiting, boolean closed) {}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.util.Map;

/**
 * One request that has been let in.
 *
 * @param query the parameters by name, decoded
 * @param accept the header of that name; empty when there is none
 * @param body empty when there is none
 */
record Call(String path, Map<String, String> query, String accept, String body) {}

// SPDX-License-Identifier: Apache-2.0
/** What the specifications state, and the tests that prove it: the manifest, and scenarios in bytes. */
@NullMarked
package io.gantry.mqtt.conformance;

import org.jspecify.annotations.NullMarked;

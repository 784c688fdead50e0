// SPDX-License-Identifier: Apache-2.0
/**
 * YAML becomes settings records, or a list of problems that each name their place. Knows nothing of Gantry's keys: its
 * façade is {@link io.gantry.app.yaml.Binder}.
 */
@NullMarked
package io.gantry.app.yaml;

import org.jspecify.annotations.NullMarked;

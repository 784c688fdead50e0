// SPDX-License-Identifier: Apache-2.0
/** The configuration file as settings records, checked as a whole. Its façade is {@link io.gantry.app.config.ConfigFile}. */
@NullMarked
package io.gantry.app.config;

import org.jspecify.annotations.NullMarked;

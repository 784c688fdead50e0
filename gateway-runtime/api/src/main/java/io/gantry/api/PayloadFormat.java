// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

/** The Payload Format Indicator [5.0 §3.3.2.3.2]. */
public enum PayloadFormat {
    /** 0: unspecified bytes. */
    BYTES,
    /** 1: UTF-8 text. */
    TEXT
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.settings;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a settings record, or one key of it, means: one or two sentences for the reader of the YAML. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT})
public @interface Description {
    /** Units, ranges and consequences, as the user should read them. */
    String value();
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.settings;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a key means when it is left out, written as it would be written in the YAML. The same text is parsed at load
 * and printed in the documentation. A key with neither a default nor {@code @Nullable} is required.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface DefaultValue {
    /** A YAML scalar, or a flow collection such as {@code []} or {@code {}}. */
    String value();
}

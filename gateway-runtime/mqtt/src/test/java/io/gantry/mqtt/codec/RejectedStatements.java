// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The statements that {@link RejectionTest} proves: each row of it is named after the rule that is broken. */
public final class RejectedStatements {

    private RejectedStatements() {}

    /** As they are cited, in brackets. */
    public static Set<String> all() {
        return RejectionTest.rejections()
                .map(rejection -> rejection.rule().statement(rejection.answered()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

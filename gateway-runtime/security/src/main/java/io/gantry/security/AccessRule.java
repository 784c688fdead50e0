// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

/** One Topic Filter of a role, with what it allows or denies. */
public record AccessRule(String role, Kind kind, RuleFilter filter) {

    /** The key of a role that the rule stands under. */
    public enum Kind {
        PUBLISH("publish"),
        SUBSCRIBE("subscribe"),
        DENY_PUBLISH("deny-publish"),
        DENY_SUBSCRIBE("deny-subscribe");

        private final String key;

        Kind(String key) {
            this.key = key;
        }

        /** Whether it forbids. */
        public boolean denies() {
            return this == DENY_PUBLISH || this == DENY_SUBSCRIBE;
        }

        /** As in the YAML. */
        @Override
        public String toString() {
            return key;
        }
    }

    @Override
    public String toString() {
        return "role " + role + ", " + kind + " " + filter;
    }
}

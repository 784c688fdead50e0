// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

/** Which characters a Client Identifier may have, beyond what the specification forbids. */
public enum ClientIdCharacters {
    /** All. */
    ANY {
        @Override
        boolean allowsEach(int character) {
            return true;
        }
    },
    /** All but those that mean something in a Topic Filter. */
    NO_WILDCARDS {
        @Override
        boolean allowsEach(int character) {
            return character != '+' && character != '#' && character != '/';
        }
    },
    /** Letters and digits of ASCII, and those that have no meaning in topics, queries, shells and web pages. */
    PLAIN {
        @Override
        boolean allowsEach(int character) {
            return (character >= 'a' && character <= 'z')
                    || (character >= 'A' && character <= 'Z')
                    || (character >= '0' && character <= '9')
                    || "._:-".indexOf(character) >= 0;
        }
    };

    abstract boolean allowsEach(int character);

    /** Whether a Client Identifier has only characters that are allowed. */
    public boolean allows(String clientId) {
        return clientId.codePoints().allMatch(this::allowsEach);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.yaml;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds secrets in texts that are no secret as a whole: a URI with a password before its host or among its options, a fixed
 * header or parameter. What looks like one is taken for one.
 */
public final class UriSecrets {
    private static final String HIDDEN = "[hidden]";

    /** Behind the user's name, up to the last at-sign. */
    private static final Pattern PASSWORD =
            Pattern.compile("(?<![^\\s'\"/:,(])([^\\s'\"/:@?,(]{0,256}):(?!//)[^\\s'\"]{1,4096}@");

    private static final String NAME = "[\\w.-]{0,64}(?:password|passwd|passphrase|secret|token|authorization|cookie"
            + "|credential|signature|(?:api|access|private|shared)[_-]?key)[\\w.-]{0,64}";
    private static final Pattern NAMES = Pattern.compile(NAME, Pattern.CASE_INSENSITIVE);
    private static final Pattern OPTION = Pattern.compile(
            "(?<=[?&;])(" + NAME + ")=(?:RAW\\([^\\s'\"]{0,4096}?\\)(?=[&\\s'\"]|$)|[^&\\s'\"]+)",
            Pattern.CASE_INSENSITIVE);

    private static final Set<String> WITH_URIS = Set.of("uri", "url", "jwks");
    private static final Set<String> WITH_NAMES = Set.of("headers", "query");

    private UriSecrets() {}

    /** The text, with a stand-in for each secret. */
    public static String hidden(String text) {
        String withoutPassword = PASSWORD.matcher(text).replaceAll("$1:" + HIDDEN + "@");
        return OPTION.matcher(withoutPassword).replaceAll("$1=" + HIDDEN);
    }

    /** Whether the value of a key holds one. */
    static boolean isIn(String key, String value) {
        return WITH_URIS.contains(key) && !hidden(value).equals(value);
    }

    /** Whether an entry of a mapping is one: its name says so, and nothing of a message is filled in. */
    static boolean isEntry(String mapping, String name, String value) {
        return WITH_NAMES.contains(mapping) && NAMES.matcher(name).matches() && value.indexOf('{') < 0;
    }
}

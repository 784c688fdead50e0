// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may be the value of Content-Type (RFC 9110 §8.3.1). */
final class MediaType {
    static final String BYTES = "application/octet-stream";
    static final String JSON = "application/json";

    private static final int LONGEST = 255;
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]++";
    private static final Pattern FORM = Pattern.compile(
            TOKEN + "/" + TOKEN + "(?: *+; *+" + TOKEN + "=(?:" + TOKEN + "|\"(?:[ !#-\\[\\]-~]|\\\\[ -~])*+\"))*+");

    private MediaType() {}

    /** The text when it is a media type. */
    static String orBytes(@Nullable String text) {
        return text != null && isWellFormed(text) ? text : BYTES;
    }

    static boolean isWellFormed(String text) {
        return text.length() <= LONGEST && FORM.matcher(text).matches();
    }
}

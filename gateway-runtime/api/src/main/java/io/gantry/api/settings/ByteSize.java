// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.settings;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, as {@code 512}, {@code 256KiB}, {@code 10MiB} or {@code 1GiB}; {@code KB}, {@code MB} and
 * {@code GB} are powers of 1000.
 *
 * @param bytes 0 or more
 */
public record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*(B|KB|KIB|MB|MIB|GB|GIB|TB|TIB)?");

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("must not be negative");
        }
    }

    /**
     * Reads the form users write.
     *
     * @throws IllegalArgumentException when the text is not a size
     */
    public static ByteSize fromText(String text) {
        Matcher form = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException("must be a size such as 512, 256KiB or 10MiB");
        }
        String unit = form.group(2) == null ? "B" : form.group(2);
        int power = "BKMGT".indexOf(unit.charAt(0));
        long step = unit.endsWith("IB") ? 1024 : 1000;
        long factor = 1;
        for (int i = 0; i < power; i++) {
            factor *= step;
        }
        try {
            return new ByteSize(Math.multiplyExact(Long.parseLong(form.group(1)), factor));
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("is larger than 8EiB", tooLarge);
        }
    }

    @Override
    public String toString() {
        String[] units = {"TiB", "GiB", "MiB", "KiB"};
        long factor = 1L << 40;
        for (String unit : units) {
            if (bytes >= factor && bytes % factor == 0) {
                return bytes / factor + unit;
            }
            factor >>= 10;
        }
        return Long.toString(bytes);
    }
}

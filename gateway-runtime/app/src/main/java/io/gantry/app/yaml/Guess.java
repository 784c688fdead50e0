// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What the user probably meant. */
public final class Guess {
    private Guess() {}

    /** Ends a message about an unknown name: the likeliest of the known ones, or all of them. */
    public static String among(String written, Collection<String> known) {
        if (known.isEmpty()) {
            return "";
        }
        return nearest(written, known)
                .map(guess -> ", did you mean '" + guess + "'?")
                .orElseGet(() -> ", expected " + (known.size() == 1 ? "" : "one of ")
                        + String.join(", ", known.stream().sorted().toList()));
    }

    /** The known name that the written one is most likely a misspelling of. */
    public static Optional<String> nearest(String written, Collection<String> known) {
        String plain = plain(written);
        return known.stream()
                .min(Comparator.comparingInt((String name) -> distance(plain, plain(name)))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(name ->
                        distance(plain, plain(name)) <= Math.max(1, Math.min(plain.length(), name.length()) / 3));
    }

    /** {@code maxPacketSize}, {@code max_packet_size} and {@code max-packet-size} are the same to a human. */
    private static String plain(String name) {
        String shortened = name.length() > 64 ? name.substring(0, 64) : name;
        return shortened.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** Levenshtein's distance, with a swap of neighbours counted as one step. */
    private static int distance(String a, String b) {
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                steps[i][j] = Math.min(steps[i - 1][j - 1] + change, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[a.length()][b.length()];
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of the admin port. Comparing takes the same time whichever it is, and however much of it is right. */
final class Tokens {
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([!-~]+) *");

    private final List<Token> tokens;

    private record Token(String name, Role role, Digest digest) {}

    /** SHA-256, so that what is compared has one length. */
    private static final class Digest {
        private final byte[] bytes;

        Digest(String text) {
            try {
                bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            } catch (NoSuchAlgorithmException bug) {
                throw new IllegalStateException("every Java has it", bug);
            }
        }

        boolean isSame(Digest other) {
            return MessageDigest.isEqual(bytes, other.bytes);
        }
    }

    Tokens(Map<String, TokenSettings> settings) {
        tokens = settings.entrySet().stream()
                .map(entry -> new Token(
                        entry.getKey(),
                        entry.getValue().role(),
                        new Digest(entry.getValue().token().reveal())))
                .toList();
    }

    /** Whether none is asked for. */
    boolean isEmpty() {
        return tokens.isEmpty();
    }

    /**
     * Who shows a token.
     *
     * @param authorization the header of that name
     * @return empty when it is none of ours
     */
    Optional<Caller> holder(String authorization, String from) {
        Matcher form = BEARER.matcher(authorization);
        if (!form.matches()) {
            return Optional.empty();
        }
        Digest shown = new Digest(form.group(1));
        Optional<Caller> holder = Optional.empty();
        for (Token token : tokens) {
            if (token.digest.isSame(shown)) {
                holder = Optional.of(new Caller(token.name, Names.of(token.role), from));
            }
        }
        return holder;
    }
}

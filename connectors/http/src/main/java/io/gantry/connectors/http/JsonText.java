// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether bytes are one JSON value (RFC 8259) in UTF-8. Needs memory only for the depth, which is bounded, and goes
 * through the bytes once; what the value says it does not look at, but for the members of an outermost object.
 */
final class JsonText {
    static final int DEEPEST = 512;

    private final byte[] text;
    private final BitSet isObject = new BitSet();
    private final @Nullable Map<String, String> members;
    private int at;
    private int depth;
    private String name = "";

    private JsonText(byte[] text, @Nullable Map<String, String> members) {
        this.text = text;
        this.members = members;
    }

    static boolean isWellFormed(byte[] text) {
        return new JsonText(text, null).isOneValue();
    }

    /**
     * The texts and numbers that an object has, by their names; of names that are there twice the last. Empty when it is
     * not an object.
     */
    static Optional<Map<String, String>> membersOf(byte[] text) {
        Map<String, String> members = new HashMap<>();
        JsonText object = new JsonText(text, members);
        object.skipBlanks();
        boolean isObject = object.peek() == '{';
        return isObject && object.isOneValue() ? Optional.of(members) : Optional.empty();
    }

    private boolean isOneValue() {
        do {
            skipBlanks();
            int c = peek();
            boolean opens = c == '{' || c == '[';
            if (opens) {
                if (depth == DEEPEST) {
                    return false;
                }
                at++;
                isObject.set(depth++, c == '{');
                skipBlanks();
                if (peek() == (c == '{' ? '}' : ']')) {
                    at++;
                    depth--;
                } else if (c == '{' && !isName()) {
                    return false;
                } else {
                    continue;
                }
            } else if (!isScalar(c)) {
                return false;
            }
            if (!isContinued()) {
                return depth == 0 && at == text.length;
            }
        } while (true);
    }

    /** Behind a value: true when another one follows. */
    private boolean isContinued() {
        while (true) {
            skipBlanks();
            if (depth == 0) {
                return false;
            }
            boolean inObject = isObject.get(depth - 1);
            int c = peek();
            if (c == ',') {
                at++;
                skipBlanks();
                return !inObject || isName();
            }
            if (c != (inObject ? '}' : ']')) {
                return false;
            }
            at++;
            depth--;
        }
    }

    private boolean isName() {
        int start = at;
        if (peek() != '"' || !isString()) {
            return false;
        }
        if (members != null && depth == 1) {
            name = unescaped(start + 1, at - 1);
        }
        skipBlanks();
        if (peek() != ':') {
            return false;
        }
        at++;
        return true;
    }

    private boolean isScalar(int c) {
        int start = at;
        boolean isGood =
                switch (c) {
                    case '"' -> isString();
                    case 't' -> isWord("true");
                    case 'f' -> isWord("false");
                    case 'n' -> isWord("null");
                    default -> isNumber();
                };
        if (isGood && members != null && depth == 1 && c != 'n') {
            members.put(name, c == '"' ? unescaped(start + 1, at - 1) : latin(start, at));
        }
        return isGood;
    }

    private boolean isWord(String word) {
        boolean isThere = at + word.length() <= text.length
                && latin(at, at + word.length()).equals(word);
        at += word.length();
        return isThere;
    }

    private boolean isNumber() {
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else if (!areDigits()) {
            return false;
        }
        if (peek() == '.') {
            at++;
            if (!areDigits()) {
                return false;
            }
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            return areDigits();
        }
        return true;
    }

    private boolean areDigits() {
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at > start;
    }

    private boolean isString() {
        at++;
        while (at < text.length) {
            int c = text[at] & 0xFF;
            if (c == '"') {
                at++;
                return true;
            }
            int length = c == '\\' ? escape() : c < ' ' ? 0 : Utf8.lengthAt(text, at);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return false;
    }

    /** Its length; 0 when there is none. */
    private int escape() {
        int c = at + 1 < text.length ? text[at + 1] : -1;
        if (c != 'u') {
            return "\"\\/bfnrt".indexOf(c) >= 0 ? 2 : 0;
        }
        for (int i = at + 2; i < at + 6; i++) {
            if (i >= text.length || Character.digit(text[i], 16) < 0) {
                return 0;
            }
        }
        return 6;
    }

    private String unescaped(int from, int to) {
        String raw = new String(text, from, to - from, StandardCharsets.UTF_8);
        StringBuilder plain = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char escaped = raw.charAt(++i);
            if (escaped == 'u') {
                plain.append((char) Integer.parseInt(raw.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                int known = "bfnrt".indexOf(escaped);
                plain.append(known < 0 ? escaped : "\b\f\n\r\t".charAt(known));
            }
        }
        return plain.toString();
    }

    private String latin(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private void skipBlanks() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) {
            at++;
        }
    }

    private int peek() {
        return at < text.length ? text[at] : -1;
    }
}

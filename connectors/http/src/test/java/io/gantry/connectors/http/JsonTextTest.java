// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Bytes are JSON")
class JsonTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                " [ ] ",
                "0",
                "-0.5e+10",
                "21.5",
                "1E9",
                "true",
                "false",
                "null",
                "\"\"",
                "\"a\\u00e4\\n\\\"\\/\"",
                "\"ä€😀\"",
                "{\"a\":1,\"b\":[1,2,{\"c\":null}],\"a\":2}",
                "{\r\n\t\"a\" : [ { } , [ ] ] }\n"
            })
    @DisplayName("when they are one value")
    void values(String text) {
        assertThat(JsonText.isWellFormed(text.getBytes(UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[",
                "]",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{1:1}",
                "{\"a\":1]",
                "[1}",
                "1 2",
                "{}{}",
                "01",
                "+1",
                ".5",
                "1.",
                "1e",
                "--1",
                "0x10",
                "NaN",
                "Infinity",
                "-",
                "tru",
                "truee",
                "nul",
                "'a'",
                "\"a",
                "\"a\nb\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u12\"",
                "\"\\\"",
                "// x\n1",
                "\ufeff{}",
                "\"\u0000\""
            })
    @DisplayName("not when they are something else, or something follows [C14]")
    void others(String text) {
        assertThat(JsonText.isWellFormed(text.getBytes(UTF_8))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\u00ff\"",
                "\"\u00c0\u0080\"",
                "\"\u00ed\u00a0\u0080\"",
                "\"\u00f4\u0090\u0080\u0080\"",
                "\"\u00e0\u0080\u0080\"",
                "\"\u00e2\u0082\"",
                "\"\u0080\"",
                "\"\u00f5\u0080\u0080\u0080\""
            })
    @DisplayName("not when they are not UTF-8 [C14]")
    void badUtf8(String bytes) {
        assertThat(JsonText.isWellFormed(bytes.getBytes(ISO_8859_1))).isFalse();
        assertThat(Utf8.isWellFormed(bytes.getBytes(ISO_8859_1))).isFalse();
    }

    @Test
    @DisplayName("within a bounded depth, whatever a device nests [C14]")
    void depth() {
        assertThat(JsonText.isWellFormed(nested(JsonText.DEEPEST))).isTrue();
        assertThat(JsonText.isWellFormed(nested(JsonText.DEEPEST + 1))).isFalse();
        assertThat(JsonText.isWellFormed("[".repeat(1_000_000).getBytes(UTF_8))).isFalse();
        assertThat(JsonText.isWellFormed("1".repeat(1_000_000).getBytes(UTF_8))).isTrue();
    }

    private static byte[] nested(int depth) {
        return ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
    }

    @Test
    @DisplayName("and give the texts and numbers of an object, not what is nested in it")
    void members() {
        String text =
                "{\"t\":\"a\\u0062\\n\\\"\", \"n\": 3600, \"b\":true, \"o\":{\"t\":\"x\"}, \"l\":[1], \"z\":null}";

        assertThat(JsonText.membersOf(text.getBytes(UTF_8))).contains(Map.of("t", "ab\n\"", "n", "3600", "b", "true"));
        assertThat(JsonText.membersOf("[1]".getBytes(UTF_8))).isEmpty();
        assertThat(JsonText.membersOf("{\"a\":1".getBytes(UTF_8))).isEmpty();
        assertThat(JsonText.membersOf(new byte[0])).isEmpty();
    }
}

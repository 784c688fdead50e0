// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The path of a route that starts at HTTP")
class PathPatternTest {

    @Test
    @DisplayName("matches whole segments, and captures what stands for its names")
    void matches() {
        PathPattern pattern = PathPattern.fromText("/a%20b/{device}/x/{name}");

        assertThat(pattern.names()).containsExactly("device", "name");
        assertThat(pattern.matches(List.of("a b", "1", "x", "2"))).isTrue();
        assertThat(pattern.captured(List.of("a b", "1", "x", "2"))).containsExactly("1", "2");
        assertThat(pattern.matches(List.of("a b", "", "x", "2"))).isFalse();
        assertThat(pattern.matches(List.of("a b", "1", "y", "2"))).isFalse();
        assertThat(pattern.matches(List.of("a b", "1", "x"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "/",
                "/a/",
                "//a",
                "/a/../b",
                "/./a",
                "/%2e%2e/a",
                "/{a}b",
                "/{a",
                "/a}",
                "/{}",
                "/{a}/{a}",
                "/a?b",
                "/a b",
                "/ä",
                "/%zz",
                "/%00",
                "/{1}"
            })
    @DisplayName("is refused when no request can have it, or only one that means another")
    void refused(String text) {
        assertThatThrownBy(() -> PathPattern.fromText(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"/a/{b},/{a}/b,true", "/a/{b},/c/{b},false", "/a,/a/{b},false", "/%61,/a,true", "/{a}/x,/{a}/y,false"})
    @DisplayName("overlaps another where one request could be both")
    void overlaps(String one, String other, boolean both) {
        assertThat(PathPattern.fromText(one).overlaps(PathPattern.fromText(other)))
                .isEqualTo(both);
        assertThat(PathPattern.fromText(other).overlaps(PathPattern.fromText(one)))
                .isEqualTo(both);
    }

    @Test
    @DisplayName("is under another when that is its beginning")
    void below() {
        FixedPath topics = FixedPath.fromText("/topics");

        assertThat(topics.below(List.of("topics", "a", "b"))).containsExactly("a", "b");
        assertThat(topics.below(List.of("topics"))).isEmpty();
        assertThat(topics.below(List.of("other", "a"))).isEmpty();
        assertThat(topics.mayHold(PathPattern.fromText("/topics/{x}"))).isTrue();
        assertThat(topics.mayHold(PathPattern.fromText("/{x}/y"))).isTrue();
        assertThat(topics.mayHold(PathPattern.fromText("/topics"))).isFalse();
        assertThatThrownBy(() -> FixedPath.fromText("/{a}")).hasMessage("must not have a {name}");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.connectors.coap.Harness.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Paths of CoAP")
class PathsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/evil",
                "//evil",
                "a/../b",
                "@evil",
                "?a=b",
                "#x",
                "a&b",
                "%2f",
                "%",
                "\u0000",
                "a\r\nb",
                "emoji \uD83D\uDE00",
                "\\",
                "ä",
                "coap://evil",
                "..%2f"
            })
    @DisplayName("a value stays within its segment, whatever it is [C9, C12]")
    void staysInside(String value) {
        PathTemplate template = PathTemplate.of(Template.fromText("/in/{x}/y"));

        List<String> path = template.render(name -> value);

        assertThat(path).hasSize(3).startsWith("in").endsWith("y");
        assertThat(path).element(1).asString().doesNotContain("/", "&", "?", "#", "\u0000", "\r", "\n");
    }

    @Test
    @DisplayName("different values stay different")
    void injective() {
        List<String> values = List.of("a/b", "a%2Fb", "a%252Fb", "a&b", "a%26b", "a", "A", "a b", "a\u0000b", "a%00b");
        Set<String> encoded = new HashSet<>();

        values.forEach(value -> encoded.add(OptionText.encode(value)));

        assertThat(encoded).hasSameSizeAs(values);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    @DisplayName("a value that would be an empty or a dot segment makes no path [C9]")
    void noSegment(String value) {
        assertThat(PathTemplate.of(Template.fromText("/in/{x}")).render(name -> value))
                .isNull();
    }

    @Test
    @DisplayName("a segment and a parameter have at most 255 bytes, and all of them 1024 [C12]")
    void lengths() throws RejectedMessageException {
        PathTemplate template = PathTemplate.of(Template.fromText("/{x}"));
        assertThat(template.render(name -> "x".repeat(255))).isNotNull();
        assertThat(template.render(name -> "x".repeat(256))).isNull();
        assertThat(template.render(name -> "ä".repeat(128))).isNull();

        RequestChoice query =
                new RequestChoice(Settings.to("/in", CoapMethod.POST, Map.of("q", "{site}"), false, false), 512);
        assertThat(requestFor(query, "x".repeat(253)).options().getUriQuery()).hasSize(1);
        assertThatThrownBy(() -> requestFor(query, "x".repeat(254))).isInstanceOf(RejectedMessageException.class);

        RequestChoice many = new RequestChoice(Settings.to("/{site}/{site}/{site}/{site}/{site}"), 512);
        assertThat(requestFor(many, "x".repeat(200)).options().getUriPath()).hasSize(5);
        assertThatThrownBy(() -> requestFor(many, "x".repeat(210))).isInstanceOf(RejectedMessageException.class);
    }

    private static PreparedRequest requestFor(RequestChoice choice, String site) throws RejectedMessageException {
        var message = message(site, MessageProperties.NONE, Payload.EMPTY);
        return choice.of(message, new MessageValues(message, Harness.PATTERN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a//b", "/a/..", "/a%2fb", "/a?b=c", "/a#b", "/a/"})
    @DisplayName("a route's path is written as it is")
    void templates(String path) {
        assertThatThrownBy(() -> Settings.to(path))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains("path"));
    }

    @Test
    @DisplayName("a pattern fits paths of its shape and gives its values")
    void patterns() {
        PathPattern pattern = PathPattern.parse("/devices/{device}/ask");

        assertThat(pattern.match(List.of("devices", "a/b", "ask")))
                .containsExactly(new UserProperty("path.device", "a/b"));
        assertThat(pattern.match(List.of("devices", "ask"))).isNull();
        assertThat(pattern.match(List.of("devices", "a", "tell"))).isNull();
        assertThat(pattern.match(List.of("devices", "a", "ask", "x"))).isNull();
        assertThat(pattern.isLike(PathPattern.parse("devices/{x}/ask"))).isTrue();
        assertThat(pattern.isLike(PathPattern.parse("devices/x/ask"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a//b", "{a}/{a}", "a{b}", "{", "a/..", "a?b", "{a-}x"})
    @DisplayName("a pattern that fits nothing, or is unclear, is refused")
    void wrongPatterns(String path) {
        assertThatThrownBy(() -> PathPattern.parse(path)).isInstanceOf(InvalidSettingException.class);
    }

    @Test
    @DisplayName("a topic is what is behind the prefix, a segment a level")
    void topics() {
        TopicPaths paths = TopicPaths.parse("/ps/x");

        assertThat(paths.contain(List.of("ps", "x"))).isFalse();
        assertThat(paths.contain(List.of("ps", "y", "a"))).isFalse();
        assertThat(paths.contain(List.of("ps", "x", "a"))).isTrue();
        assertThat(paths.topicOf(List.of("ps", "x", "a", "", "b"))).contains(new TopicName("a//b"));
        assertThat(paths.topicOf(List.of("ps", "x", "a/b"))).isEmpty();
        assertThat(paths.topicOf(List.of("ps", "x", "$SYS"))).isEmpty();
        assertThat(paths.topicOf(List.of("ps", "x", ""))).isEmpty();
        assertThat(paths.topicOf(List.of("ps", "x", "#"))).isEmpty();
        assertThat(paths.topicOf(List.of("ps", "x", "y".repeat(1_025)))).isEmpty();
        assertThatThrownBy(() -> TopicPaths.parse("/")).isInstanceOf(InvalidSettingException.class);
    }
}

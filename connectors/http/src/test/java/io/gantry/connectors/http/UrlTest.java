// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.Template;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The URL of a request")
class UrlTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            https://api.example,            https://api.example,        443
            https://api.example/,           https://api.example,        443
            HTTP://api.example/v1,          http://api.example/v1,      80
            http://api.example:8080/a/b/,   http://api.example:8080/a/b, 8080
            https://[::1]:8443/v1,          https://[::1]:8443/v1,      8443
            """)
    @DisplayName("begins with the endpoint's, without a trailing slash")
    void prefix(String url, String prefix, int port) {
        TargetUrl target = TargetUrl.parse(url);

        assertThat(target.prefix()).isEqualTo(prefix);
        assertThat(target.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api.example",
                "ftp://api.example",
                "http:api",
                "http:///path",
                "http://{host}/",
                "http://a/{site}",
                "http://a b/",
                "http://user:hunter2@a/",
                "http://hunter2@a/",
                "http://a/?key=hunter2",
                "http://a/#hunter2",
                "http://a:0/",
                "http://a:65536/",
                "http://a:x/",
                "http://a_b/",
                "http://a//b",
                "http://a/../b",
                "http://a/%2e%2E/b",
                "file:///etc/passwd"
            })
    @DisplayName(
            "is refused at load when it is not one of a service, without being repeated, for it may hold a password")
    void refused(String url) {
        assertThatThrownBy(() -> Settings.endpoint(url))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> {
                    assertThat(refused.key()).contains("url");
                    assertThat(refused).hasMessageNotContaining("hunter2");
                    assertThat(refused.getCause()).isNull();
                });
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            a,          /sites/a/readings
            Zürich,     /sites/Z%C3%BCrich/readings
            a/b,        /sites/a%2Fb/readings
            a%2Fb,      /sites/a%252Fb/readings
            a?b#c,      /sites/a%3Fb%23c/readings
            a b+c,      /sites/a%20b%2Bc/readings
            ...,        /sites/.../readings
            ..;a,       /sites/..%3Ba/readings
            @evil:80,   /sites/%40evil%3A80/readings
            '\\..',     /sites/%5C../readings
            %2e%2e,     /sites/%252e%252e/readings
            """)
    @DisplayName("keeps a filled-in value within its segment")
    void encoded(String site, String path) {
        assertThat(path("/sites/{site}/readings", site)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    @DisplayName("is not made of a value that servers leave out of a path")
    void dots(String site) {
        assertThat(path("/sites/{site}", site)).isNull();
        assertThat(path("/sites/{site}/x", site)).isNull();
    }

    @Test
    @DisplayName("is not made of dots that only meet in it")
    void joinedDots() {
        assertThat(path("/a/.{site}", ".")).isNull();
        assertThat(path("/a/{site}{site}", ".")).isNull();
        assertThat(path("/a/v{site}", "..")).isEqualTo("/a/v..");
        assertThat(path("/a/{missing}", "x")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "//a", "/a//b", "/./a", "/a/..", "/%2e%2E/a", "/a?b=c", "/a#b", "/a b", "/ä", "/a%zz"})
    @DisplayName("has a path that means itself, or is refused at load")
    void paths(String path) {
        assertThatThrownBy(() -> Settings.to(path))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains("path"));
    }

    @Test
    @DisplayName("may have no path, a trailing slash, and what may stand in a path")
    void legalPaths() {
        assertThat(List.of("", "/", "/a/", "/a/{site}/", "/a;v=1/b,c@d:e/%20/{user.x}"))
                .allSatisfy(path -> assertThat(Settings.to(path).path()).hasToString(path));
        assertThat(path("", "x")).isEmpty();
        assertThat(path("/", "x")).isEqualTo("/");
        assertThat(path("/a/{site}/", "x")).isEqualTo("/a/x/");
    }

    private static @Nullable String path(String template, String site) {
        return PathTemplate.of(Template.fromText(template)).render(Map.of("site", site)::get);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.app.config.ConfigFile;
import io.gantry.app.yaml.InvalidConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

@DisplayName("README and docs")
class DocsTest {
    private static final Pattern YAML_BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$");

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    @DisplayName("every YAML block can be read")
    void yamlBlocksParse(Path page) {
        List<String> blocks = matches(YAML_BLOCK, text(page));

        assertThat(blocks).allSatisfy(block -> assertThat(parsed(block)).isNotNull());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    @DisplayName("every whole configuration is one that gantry check accepts")
    void configurationsAreValid(Path page) {
        List<String> whole = matches(YAML_BLOCK, text(page)).stream()
                .filter(block -> block.lines().anyMatch("listeners:"::equals))
                .toList();

        assertThat(whole).allSatisfy(block -> assertThat(accepted(block)).isTrue());
    }

    @Test
    @DisplayName("the README shows a whole configuration")
    void readmeShowsOne() throws IOException {
        assertThat(matches(YAML_BLOCK, Repository.read("README.md")))
                .anyMatch(block -> block.lines().anyMatch("listeners:"::equals));
    }

    @Test
    @DisplayName("the container's configuration is one that gantry check accepts")
    void containerConfigurationIsValid() throws Exception {
        assertThat(accepted(Repository.read("docker/gantry.yaml"))).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    @DisplayName("every relative link leads to a file")
    void relativeLinksExist(Path page) {
        Path directory = Repository.root().resolve(page).resolveSibling("");

        List<String> links = matches(LINK, CODE.matcher(text(page)).replaceAll("")).stream()
                .filter(link -> !link.contains("://") && !link.startsWith("#"))
                .map(link -> link.replaceFirst("#.*", ""))
                .toList();

        assertThat(links).allSatisfy(link -> assertThat(directory.resolve(link)).exists());
    }

    static List<Path> pages() throws IOException {
        Path root = Repository.root();
        try (Stream<Path> docs = Files.walk(root.resolve("docs"));
                Stream<Path> others = Stream.of(
                                "README.md", "CONTRIBUTING.md", "bench/README.md", "connectors/http/README.md")
                        .map(root::resolve)) {
            return Stream.concat(docs, others)
                    .filter(path -> path.toString().endsWith(".md"))
                    .map(root::relativize)
                    .sorted()
                    .toList();
        }
    }

    private static boolean accepted(String configuration) throws InvalidConfigException {
        return !new ConfigFile(Connectors.all(), name -> null)
                .read("block", configuration)
                .listeners()
                .isEmpty();
    }

    private static Object parsed(String block) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options)).load(block);
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    private static String text(Path page) {
        try {
            return Files.readString(Repository.root().resolve(page));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

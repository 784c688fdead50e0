// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.app.Connectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is generated from the settings records")
class GeneratedFilesTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final String RENEW = "mvn -pl gateway-runtime/app -am test -Dtest=GeneratedFilesTest"
            + " -Dgantry.regenerate -Dsurefire.failIfNoSpecifiedTests=false";

    private final Sections sections = Sections.of(Connectors.all());

    @Test
    @DisplayName("config/gantry.schema.json is current")
    void schema() throws IOException {
        assertCurrent(ROOT.resolve("config").resolve("gantry.schema.json"), Schema.of(sections));
    }

    @Test
    @DisplayName("docs/config.md is current")
    void documentation() throws IOException {
        assertCurrent(ROOT.resolve("docs").resolve("config.md"), Documentation.of(sections));
    }

    @Test
    @DisplayName("documents every key")
    void everyKey() {
        assertThat(sections.inOrder()).isNotEmpty().allSatisfy(section -> {
            assertThat(section.settings().description()).as(section.id()).isNotEmpty();
            assertThat(section.settings().keys()).allSatisfy(key -> assertThat(key.description())
                    .as("%s of %s", key.name(), section.id())
                    .isNotEmpty());
        });
    }

    private static void assertCurrent(Path file, String generated) throws IOException {
        if (System.getProperty("gantry.regenerate") != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, generated);
        }
        assertThat(file).as("renew it by: %s", RENEW).content().isEqualTo(generated);
    }
}

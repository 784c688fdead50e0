// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.app.Connectors;
import io.gantry.connectors.spi.Connector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is generated from the settings records")
class GeneratedFilesTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final String RENEW = "mvn -pl gateway-runtime/app -am test -Dtest=GeneratedFilesTest"
            + " -Dgantry.regenerate -Dsurefire.failIfNoSpecifiedTests=false";

    /** In a README everything behind this line is generated. */
    private static final String TABLES = "<!-- Generated from the settings records from here on, do not edit. -->\n";

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
    @DisplayName("the tables in a connector's README are current")
    void readmes() throws IOException {
        List<Path> withTables = new ArrayList<>();
        for (Connector<?, ?, ?> connector : sections.connectors()) {
            Path readme = ROOT.resolve("connectors").resolve(connector.name()).resolve("README.md");
            String text = Files.readString(readme);
            int tables = text.indexOf(TABLES);
            if (tables >= 0) {
                withTables.add(readme);
                String before = text.substring(0, tables + TABLES.length());
                assertCurrent(readme, before + Documentation.of(sections, connector));
            }
        }
        assertThat(withTables).isNotEmpty();
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

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Reads what the build has put into the distribution. */
@DisplayName("The distribution")
class SupplyChainIT {
    private static final Path DISTRIBUTION =
            Repository.root().resolve("gateway-runtime/app/target/gantry-" + GantryCommand.Version.number());

    /** Licences under which a library may be shipped as it is. Of several that are offered, one of these is enough. */
    private static final Set<String> ALLOWED = Set.of(
            "Apache-2.0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            // MIT by another name
            "Bouncy Castle Licence",
            "CC0-1.0",
            "EPL-1.0",
            "EPL-2.0",
            "Eclipse Distribution License - Version 1.0",
            // of RE2/J: BSD-3-Clause
            "Go License",
            "MIT",
            "MIT-0");

    private static List<JsonNode> components() throws IOException {
        Path file = DISTRIBUTION.resolve("sbom.json");
        assumeTrue(Files.exists(file), "built without network: there is no sbom.json");
        JsonNode bom = new ObjectMapper().readTree(Files.readString(file));
        assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        List<JsonNode> components = new ArrayList<>();
        bom.path("components").forEach(components::add);
        return components;
    }

    private static Set<String> licencesOf(JsonNode component) {
        Set<String> licences = new TreeSet<>();
        for (JsonNode offered : component.path("licenses")) {
            JsonNode licence = offered.path("license");
            licences.add(licence.path("id").asText(licence.path("name").asText()));
        }
        return licences;
    }

    private static String nameOf(JsonNode component) {
        return component.path("group").asText() + ":" + component.path("name").asText();
    }

    @Test
    @DisplayName("has only libraries under a licence that allows it: none that is GPL or AGPL alone, or has none")
    void licences() throws Exception {
        Map<String, Set<String>> refused = new TreeMap<>();
        for (JsonNode component : components()) {
            Set<String> licences = licencesOf(component);
            if (licences.stream().noneMatch(ALLOWED::contains)) {
                refused.put(nameOf(component), licences);
            }
        }

        assertThat(refused).isEmpty();
    }

    @Test
    @DisplayName("says in sbom.json what each of its libraries is, by its hash")
    void billOfMaterials() throws Exception {
        Set<String> hashes = new TreeSet<>();
        for (JsonNode component : components()) {
            for (JsonNode hash : component.path("hashes")) {
                if (hash.path("alg").asText().equals("SHA-256")) {
                    hashes.add(hash.path("content").asText());
                }
            }
        }

        List<String> unknown = new ArrayList<>();
        for (Path jar : libraries()) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
            if (!hashes.contains(HexFormat.of().formatHex(digest))) {
                unknown.add(jar.getFileName().toString());
            }
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    @DisplayName("lists in THIRD-PARTY.txt each library of others with its licence")
    void thirdParty() throws Exception {
        String list = Files.readString(DISTRIBUTION.resolve("THIRD-PARTY.txt"));

        assertThat(components())
                .filteredOn(component -> !component.path("group").asText().equals("io.gantry"))
                .isNotEmpty()
                .allSatisfy(component -> assertThat(list)
                        .contains("(" + nameOf(component) + ":"
                                + component.path("version").asText() + " -"));
    }

    /** Gantry's own are built here, after the list of what is in them. */
    private static List<Path> libraries() throws IOException {
        try (Stream<Path> files = Files.walk(DISTRIBUTION.resolve("lib"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .filter(file -> !file.getFileName().toString().startsWith("gantry-"))
                    .sorted()
                    .toList();
        }
    }
}

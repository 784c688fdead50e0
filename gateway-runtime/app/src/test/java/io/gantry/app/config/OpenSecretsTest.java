// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.app.yaml.Problem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("[G7] A secret in the configuration")
class OpenSecretsTest {
    private static final String CANARY = "canary-4711-secret";
    private static final Map<String, String> ENVIRONMENT = Map.of("PASSWORD", CANARY);

    @TempDir
    private Path directory = Path.of("");

    private List<String> warningsOf(String password) throws Exception {
        Path file = Files.writeString(
                directory.resolve("g.yaml"),
                "listeners: mqtt://127.0.0.1\nendpoints:\n  a: {shelf: {rooms: b, password: " + password + "}}\n");
        List<String> warnings = new ArrayList<>();
        new ConfigFile(List.of(new Shelf("shelf")), ENVIRONMENT::get)
                .read(file, (Problem warning) -> warnings.add(warning.toString().replace(file.toString(), "g.yaml")));
        return warnings;
    }

    @ParameterizedTest
    @ValueSource(strings = {CANARY, "'" + CANARY + "'", "\"${NONE:-" + CANARY + "}\"", "\"$${PASSWORD}\"", "7"})
    @DisplayName("that stands there itself is warned of with its place, and is not shown")
    void literal(String password) throws Exception {
        assertThat(warningsOf(password))
                .containsExactly("g.yaml:3:35: password: a secret stands in the file itself, expected ${NAME} from the"
                        + " environment or ${file:PATH}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"${PASSWORD}\"", "\"${PASSWORD:-x}\"", "\"a-${PASSWORD}\"", "\"\""})
    @DisplayName("from the environment, or that is none, is not")
    void fromElsewhere(String password) throws Exception {
        assertThat(warningsOf(password)).isEmpty();
    }

    @Test
    @DisplayName("from a file is warned of when everybody may read the file")
    void openFile() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Path secret = Files.writeString(directory.resolve("secret"), CANARY);
        String password = "\"${PASSWORD}-${file:" + secret + "}\"";

        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(warningsOf(password)).isEmpty();

        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw----r--"));
        assertThat(warningsOf(password))
                .containsExactly("g.yaml:3:35: password: a secret from a file that everybody on this machine may read,"
                        + " expected a file that only the gateway's user may (chmod 600)");
    }
}

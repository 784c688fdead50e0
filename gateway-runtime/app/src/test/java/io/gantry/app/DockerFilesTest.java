// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

@DisplayName("The container files")
class DockerFilesTest {
    private static final Set<String> INSTRUCTIONS = Set.of(
            "FROM",
            "RUN",
            "CMD",
            "LABEL",
            "EXPOSE",
            "ENV",
            "ADD",
            "COPY",
            "ENTRYPOINT",
            "VOLUME",
            "USER",
            "WORKDIR",
            "ARG",
            "STOPSIGNAL",
            "HEALTHCHECK",
            "SHELL");
    private static final Pattern NUMERIC_USER = Pattern.compile("[1-9]\\d*:[1-9]\\d*");

    private final Path docker = Repository.root().resolve("docker");

    /** One line of the Dockerfile, its continuations joined. */
    private record Instruction(String name, List<String> words) {

        boolean isCopyFromStage() {
            return words.get(0).startsWith("--from=");
        }

        List<String> sources() {
            List<String> paths =
                    words.stream().filter(word -> !word.startsWith("--")).toList();
            return paths.subList(0, paths.size() - 1);
        }
    }

    @Test
    @DisplayName("the Dockerfile has two stages and only instructions that Docker knows")
    void dockerfileParses() throws IOException {
        List<Instruction> instructions = dockerfile();

        assertThat(instructions).extracting(Instruction::name).isSubsetOf(INSTRUCTIONS);
        assertThat(instructions).filteredOn(line -> line.name().equals("FROM")).hasSize(2);
        assertThat(instructions)
                .extracting(Instruction::name)
                .contains("HEALTHCHECK", "EXPOSE", "ENTRYPOINT")
                .startsWith("ARG", "ARG", "FROM");
    }

    @Test
    @DisplayName("everything the Dockerfile copies is in the repository and not ignored, or made by a stage")
    void copiedFilesExist() throws IOException {
        List<String> stages = dockerfile().stream()
                .filter(line -> line.name().equals("FROM"))
                .filter(line -> line.words().size() == 3)
                .map(line -> line.words().get(2))
                .toList();
        List<String> ignored = Repository.read(".dockerignore").lines().toList();

        List<Instruction> copies =
                dockerfile().stream().filter(line -> line.name().equals("COPY")).toList();

        assertThat(copies).filteredOn(Instruction::isCopyFromStage).isNotEmpty().allSatisfy(copy -> assertThat(stages)
                .contains(copy.words().get(0).substring("--from=".length())));
        assertThat(copies)
                .filteredOn(copy -> !copy.isCopyFromStage())
                .flatExtracting(Instruction::sources)
                .isNotEmpty()
                .doesNotContainAnyElementsOf(ignored)
                .allSatisfy(source ->
                        assertThat(Repository.root().resolve(source.toString())).exists());
    }

    @Test
    @DisplayName("the image runs as a numeric user that is not root")
    void imageIsNotRoot() throws IOException {
        List<Instruction> users =
                dockerfile().stream().filter(line -> line.name().equals("USER")).toList();

        assertThat(users).hasSize(1);
        assertThat(users.get(0).words().get(0)).matches(NUMERIC_USER);
    }

    @Test
    @DisplayName("both images it is made of can be named by their digests")
    void imagesByDigest() throws IOException {
        List<String> arguments = dockerfile().stream()
                .filter(line -> line.name().equals("ARG"))
                .map(line -> line.words().get(0).replaceFirst("=.*", ""))
                .toList();

        assertThat(dockerfile())
                .filteredOn(line -> line.name().equals("FROM"))
                .extracting(line -> line.words().get(0))
                .containsExactlyElementsOf(
                        arguments.stream().map(name -> "${" + name + "}").toList());
    }

    @Test
    @DisplayName("the health check is a script that can be executed")
    void healthcheckIsExecutable() {
        assertThat(docker.resolve("healthcheck")).isExecutable();
    }

    @Test
    @DisplayName("every path that compose.yaml names exists, and every service it waits for")
    void composePathsExist() throws IOException {
        Map<String, Map<String, Object>> services = services();

        assertThat(services).containsKeys("gateway", "kafka", "device");
        assertThat(services.values()).allSatisfy(service -> {
            assertThat(paths(service)).allSatisfy(path -> assertThat(path).exists());
            assertThat(services.keySet())
                    .containsAll(section(service, "depends_on").keySet());
            assertThat(service).containsKey("image");
        });
    }

    @Test
    @DisplayName("the gateway runs with a read-only root, no capabilities and no way to new ones")
    void gatewayIsLockedDown() throws IOException {
        Map<String, Object> gateway = services().getOrDefault("gateway", Map.of());

        assertThat(gateway)
                .containsEntry("read_only", true)
                .containsEntry("cap_drop", List.of("ALL"))
                .containsEntry("security_opt", List.of("no-new-privileges:true"))
                .doesNotContainKeys("privileged", "user");
    }

    private List<Instruction> dockerfile() throws IOException {
        String text = Repository.read("docker/Dockerfile")
                .replaceAll("(?m)^#.*\\n", "")
                .replaceAll("\\\\\\n", " ");
        return text.lines()
                .filter(line -> !line.isBlank())
                .map(line -> {
                    List<String> words = Arrays.asList(line.trim().split("\\s+"));
                    return new Instruction(words.get(0), words.subList(1, words.size()));
                })
                .toList();
    }

    private static Map<String, Map<String, Object>> services() throws IOException {
        Map<String, Object> compose =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(Repository.read("docker/compose.yaml"));
        Map<String, Map<String, Object>> services = new LinkedHashMap<>();
        section(compose, "services").keySet().forEach(name -> services.put(name, section(compose, "services", name)));
        return services;
    }

    /** What stands below a chain of keys; empty when one is missing. */
    private static Map<String, Object> section(Map<String, Object> map, String... keys) {
        Map<String, Object> found = map;
        for (String key : keys) {
            Map<String, Object> next = new LinkedHashMap<>();
            if (found.get(key) instanceof Map<?, ?> entries) {
                entries.forEach((name, value) -> next.put(name.toString(), value));
            }
            found = next;
        }
        return found;
    }

    private List<Path> paths(Map<String, Object> service) {
        List<Path> paths = new ArrayList<>();
        Map<String, Object> build = section(service, "build");
        if (!build.isEmpty()) {
            Path context = docker.resolve(String.valueOf(build.get("context")));
            paths.add(context);
            paths.add(context.resolve(String.valueOf(build.get("dockerfile"))));
        }
        if (service.get("volumes") instanceof List<?> volumes) {
            volumes.stream()
                    .map(volume -> volume.toString().split(":", -1)[0])
                    .filter(source -> source.startsWith("."))
                    .map(docker::resolve)
                    .forEach(paths::add);
        }
        return paths;
    }
}

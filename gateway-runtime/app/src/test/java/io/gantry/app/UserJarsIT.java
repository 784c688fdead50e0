// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A jar with a Camel component that a user brings")
@DisabledOnOs(OS.WINDOWS)
class UserJarsIT {
    private static final String COMPONENT = """
            package hello;

            public class HelloComponent extends org.apache.camel.support.DefaultComponent {
                protected org.apache.camel.Endpoint createEndpoint(
                        String uri, String remaining, java.util.Map<String, Object> parameters) {
                    return new org.apache.camel.support.DefaultEndpoint(uri, this) {
                        public org.apache.camel.Producer createProducer() {
                            throw new UnsupportedOperationException();
                        }

                        public org.apache.camel.Consumer createConsumer(org.apache.camel.Processor processor) {
                            return new org.apache.camel.support.DefaultConsumer(this, processor);
                        }
                    };
                }
            }
            """;
    private static final String YAML = """
            listeners: ['mqtt://127.0.0.1:0']
            admin: {listen: '127.0.0.1:0'}
            routes: {greetings: {from: {camel: 'hello:world'}, to: {mqtt: {topic: greetings}}}}
            """;

    @TempDir
    private Path directory = Path.of("");

    private Path installation = Path.of("");
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void install() throws IOException {
        installation = directory.resolve("gantry");
        Files.createDirectories(installation.resolve("lib").resolve("more"));
        Files.createDirectories(installation.resolve("bin"));
        Files.copy(
                Repository.root().resolve("gantry"), installation.resolve("bin").resolve("gantry"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        try (OutputStream jar =
                Files.newOutputStream(installation.resolve("lib").resolve("gantry-and-what-it-needs.jar"))) {
            new JarOutputStream(jar, manifest).close();
        }
        Files.writeString(directory.resolve("g.yaml"), YAML);
    }

    @AfterEach
    void kill() {
        started.forEach(Process::destroyForcibly);
    }

    /** Compiles the component and packs it as its users would get it. */
    private Path component() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assumeTrue(compiler != null, "this Java has no compiler");
        Path source = Files.createDirectories(directory.resolve("src")).resolve("HelloComponent.java");
        Files.writeString(source, COMPONENT);
        Path classes = Files.createDirectories(directory.resolve("classes"));
        assertThat(compiler.run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        source.toString()))
                .isZero();
        Path service = classes.resolve("META-INF/services/org/apache/camel/component/hello");
        Files.createDirectories(service.getParent());
        Files.writeString(service, "class=hello.HelloComponent\n");
        Path jar = directory.resolve("camel-hello.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    private Process run() throws IOException {
        Process process = new ProcessBuilder(
                        installation.resolve("bin").resolve("gantry").toString(),
                        "run",
                        "-c",
                        directory.resolve("g.yaml").toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        started.add(process);
        return process;
    }

    @DisplayName("is found in lib and in lib/more, by the launcher and a gateway that starts")
    @ParameterizedTest
    @ValueSource(strings = {"lib", "lib/more"})
    void found(String place) throws Exception {
        Files.copy(component(), installation.resolve(place).resolve("camel-hello.jar"));

        List<String> said = new ArrayList<>();
        var out = run().inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null && !line.equals("ready"); line = out.readLine()) {
            said.add(line);
        }

        assertThat(said).contains("endpoint camel: camel components").noneMatch(line -> line.contains("hello"));
        assertThat(said).last().asString().startsWith("listener mqtt://127.0.0.1:");
    }

    @Test
    @DisplayName("that is not there is an error with the component's name, and the gateway ends")
    void missing() throws Exception {
        Process gateway = run();
        String said = new String(gateway.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(gateway.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(gateway.exitValue()).isNotZero();
        assertThat(said).contains("names the Camel component 'hello', which is not on the class path");
    }
}

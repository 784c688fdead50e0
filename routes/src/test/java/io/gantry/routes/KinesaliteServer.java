// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.testbed.LoopbackPorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Kinesalite, which speaks the interface of Kinesis: a process of Node, fetched once into target/. */
final class KinesaliteServer implements AutoCloseable {
    private static final String KINESALITE = "kinesalite@3.3.3";
    private static final Path NPM = Path.of("target", "kinesalite");
    private static final long PATIENCE_MINUTES = 3;

    private final Process process;
    private final int port;

    private KinesaliteServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Skips the test, visibly, where there is no Node or npm cannot fetch. */
    static KinesaliteServer start() throws IOException, InterruptedException {
        fetch();
        int port = LoopbackPorts.free();
        Process process = new ProcessBuilder(
                        "node",
                        "-e",
                        "require('kinesalite')({createStreamMs: 0}).listen(" + port
                                + ", '127.0.0.1', () => console.log('up'))")
                .directory(NPM.toFile())
                .redirectErrorStream(true)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        if (!"up".equals(line)) {
            process.destroyForcibly();
            throw new IOException("Kinesalite said: " + line);
        }
        return new KinesaliteServer(process, port);
    }

    private static void fetch() throws IOException, InterruptedException {
        Path whole = NPM.resolve("whole");
        if (!Files.exists(whole)) {
            Files.createDirectories(NPM);
            boolean fetched = succeeds("node", "--version")
                    && succeeds("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", KINESALITE);
            assumeTrue(fetched, KINESALITE + " could not be fetched by npm");
            Files.createFile(whole);
        }
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .directory(NPM.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

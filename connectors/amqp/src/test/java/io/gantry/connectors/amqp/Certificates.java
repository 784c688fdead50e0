// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Self-signed certificates, made by the JDK's keytool. */
final class Certificates {
    static final String PASSWORD = "only-for-this-test";

    private final Path directory;

    Certificates(Path directory) {
        this.directory = directory;
    }

    /** Key and certificate in a PKCS#12 file. */
    Path keys(String name, String... options) throws IOException, InterruptedException {
        Path file = directory.resolve(name + ".p12");
        List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name));
        arguments.addAll(List.of(options));
        keytool(file, name, arguments);
        return file;
    }

    /** The certificate alone, in PEM. */
    Path certificate(Path keys) throws IOException, InterruptedException {
        String name = keys.getFileName().toString().replace(".p12", "");
        Path file = directory.resolve(name + ".pem");
        keytool(keys, name, List.of("-exportcert", "-rfc", "-file", file.toString()));
        return file;
    }

    /** A PKCS#12 file in which the certificate is trusted. */
    Path trust(Path certificate) throws IOException, InterruptedException {
        Path file = directory.resolve("trust.p12");
        keytool(file, "trusted", List.of("-importcert", "-noprompt", "-file", certificate.toString()));
        return file;
    }

    private static void keytool(Path store, String alias, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        command.addAll(List.of(
                "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD, "-alias", alias));
        Path log = Files.createTempFile("keytool", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IllegalStateException("keytool: " + Files.readString(log));
        }
    }
}

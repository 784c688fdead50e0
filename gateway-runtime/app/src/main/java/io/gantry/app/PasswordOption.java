// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.api.settings.Secret;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where a password comes from: never from an argument, which everybody on the machine could read. */
final class PasswordOption {
    private static final int MOST_BYTES = 8_192;

    private final InputStream standardInput;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description =
                    "Read the password from a file, or from standard input with - (default: asked for on the terminal).")
    private @Nullable String file;

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    PasswordOption(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    /**
     * The password, without the line's end that a file has.
     *
     * @param twice whether somebody at a terminal is asked again, so that he does not mistype it
     */
    Secret read(boolean twice) throws IOException {
        if (file == null) {
            return ofTerminal(twice);
        }
        try (InputStream in = file.equals("-") ? standardInput : Files.newInputStream(Path.of(file))) {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in.readNBytes(MOST_BYTES)))
                    .toString();
            return new Secret(text.replaceFirst("\r?\n\\z", ""));
        } catch (CharacterCodingException malformed) {
            throw new ParameterException(spec.commandLine(), "The password must be text in UTF-8", malformed);
        }
    }

    private Secret ofTerminal(boolean twice) {
        Console console = System.console();
        char[] first = console == null ? null : console.readPassword("Password: ");
        if (console == null || first == null) {
            throw new ParameterException(
                    spec.commandLine(), "There is no terminal to ask for the password: give --password-file FILE or -");
        }
        if (twice && !Arrays.equals(first, console.readPassword("Again: "))) {
            throw new ParameterException(spec.commandLine(), "The passwords are not the same");
        }
        return new Secret(new String(first));
    }
}

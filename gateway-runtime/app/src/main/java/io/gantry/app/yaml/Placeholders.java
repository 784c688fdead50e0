// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.yaml;

import io.gantry.api.files.SecretFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills in {@code ${NAME}}, {@code ${NAME:-default}} and {@code ${file:/run/secrets/x}}, once, in a single value; a
 * second dollar sign in front makes it literal. What is filled in is never read as YAML.
 */
public final class Placeholders {
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final Pattern VARIABLE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", Pattern.DOTALL);
    private static final String FORMS = "expected ${NAME}, ${NAME:-default} or ${file:PATH}; $${ is a literal ${";

    private final Function<String, @Nullable String> environment;

    /** Variables come from the given environment, files from the file system. */
    public Placeholders(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /** Where a value cannot be had. */
    private static final class Missing extends Exception {
        private static final long serialVersionUID = 1L;

        private final String what;

        Missing(String what) {
            super(what, null, false, false);
            this.what = what;
        }
    }

    /** What stands for one placeholder. */
    private record Filling(String text, Element.Source source) {}

    /** The text with all placeholders filled in; what cannot be had is a problem, and left as it is written. */
    Element.Scalar fill(Element.Scalar scalar, Problems problems) {
        String text = scalar.text();
        if (!text.contains("${")) {
            return scalar;
        }
        StringBuilder filled = new StringBuilder();
        Element.Source source = Element.Source.WRITTEN;
        int from = 0;
        for (int start = text.indexOf("${"); start >= 0; start = text.indexOf("${", from)) {
            if (start > from && text.charAt(start - 1) == '$') {
                filled.append(text, from, start - 1).append("${");
                from = start + 2;
                continue;
            }
            int end = text.indexOf('}', start);
            if (end < 0) {
                problems.add(scalar.place(), "'${' without its '}', " + FORMS);
                break;
            }
            filled.append(text, from, start);
            try {
                Filling filling = value(text.substring(start + 2, end), problems);
                filled.append(filling.text());
                source = source.compareTo(filling.source()) < 0 ? filling.source() : source;
            } catch (Missing missing) {
                problems.add(scalar.place(), missing.what);
            }
            from = end + 1;
        }
        return new Element.Scalar(
                scalar.place(), filled.append(text.substring(from)).toString(), false, source);
    }

    private Filling value(String name, Problems problems) throws Missing {
        String written = "${" + name + "}";
        if (name.startsWith("file:")) {
            String file = name.substring("file:".length());
            String content = contentOf(file, written);
            problems.hide(content, written);
            return new Filling(
                    content,
                    SecretFile.isOpenToAll(Path.of(file)) ? Element.Source.OPEN_FILE : Element.Source.FILLED_IN);
        }
        Matcher variable = VARIABLE.matcher(name);
        if (!variable.matches()) {
            throw new Missing("'" + written + "' cannot be filled in, " + FORMS);
        }
        String value = environment.apply(variable.group(1));
        Optional<String> fallback = Optional.ofNullable(variable.group(2));
        if (value == null || (value.isEmpty() && fallback.isPresent())) {
            String own = fallback.orElseThrow(() -> new Missing("the environment has no variable '" + variable.group(1)
                    + "'; set it, or give a default: ${" + variable.group(1) + ":-default}"));
            return new Filling(own, Element.Source.WRITTEN);
        }
        if (value.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
            throw new Missing("the environment variable '" + variable.group(1)
                    + "' has a line break, expected one line; a longer text can come from a file: ${file:PATH}");
        }
        problems.hide(value, written);
        return new Filling(value, Element.Source.FILLED_IN);
    }

    private static String contentOf(String name, String written) throws Missing {
        try {
            Path path = Path.of(name);
            if (!Files.isRegularFile(path)) {
                throw new Missing("'" + written + "' names no file");
            }
            byte[] content;
            try (InputStream in = Files.newInputStream(path)) {
                content = in.readNBytes(MAX_FILE_BYTES + 1);
            }
            if (content.length > MAX_FILE_BYTES) {
                throw new Missing("'" + written + "' names a file larger than 1MiB");
            }
            return withoutLastLineEnd(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString());
        } catch (CharacterCodingException notText) {
            throw new Missing("'" + written + "' names a file that is not UTF-8");
        } catch (IOException | InvalidPathException unreadable) {
            throw new Missing("'" + written + "' names a file that cannot be read: "
                    + unreadable.getClass().getSimpleName());
        }
    }

    private static String withoutLastLineEnd(String text) {
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.AdminClient;
import io.gantry.admin.AdminSettings;
import io.gantry.api.settings.Secret;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.app.yaml.UriSecrets;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say which running gateway is meant, and by what it is trusted and trusts. */
final class AdminOption {
    private static final String TOKEN = "GANTRY_ADMIN_TOKEN";
    private static final int LONGEST_TOKEN = 8 * 1024;

    @Mixin
    private final ConfigOption config;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description =
                    "The gateway's admin port, such as http://127.0.0.1:8080 (default: admin.listen of the YAML file).")
    private @Nullable String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File of the token to show (default: the environment's GANTRY_ADMIN_TOKEN, if there is one).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description =
                    "File of the authority that the gateway's certificate is from, in PEM (default: those that Java"
                            + " trusts).")
    private @Nullable Path caFile;

    private final Function<String, @Nullable String> environment;

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    AdminOption(Function<String, @Nullable String> environment) {
        this.config = new ConfigOption(environment);
        this.environment = environment;
    }

    /**
     * A client of the gateway that is meant.
     *
     * @throws InvalidConfigException when the file that should say where it is cannot be read
     */
    AdminClient client() throws InvalidConfigException {
        URI gateway = url == null ? ofFile() : ofUrl(url);
        try {
            return new AdminClient(gateway, token(), caFile == null ? null : CaFile.context(caFile));
        } catch (IllegalArgumentException plain) {
            throw misused(String.valueOf(plain.getMessage()));
        } catch (IOException unusable) {
            throw misused("--ca-file: " + Visible.of(String.valueOf(unusable.getMessage())));
        }
    }

    private @Nullable Secret token() {
        String text = tokenFile == null ? environment.apply(TOKEN) : fromFile(tokenFile);
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw misused((tokenFile == null ? TOKEN : "--token-file: " + Visible.of(tokenFile.toString()))
                    + ": expected a token, visible ASCII characters without a blank");
        }
        return new Secret(text);
    }

    private String fromFile(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(LONGEST_TOKEN), StandardCharsets.UTF_8).strip();
            if (!text.isEmpty()) {
                return text;
            }
        } catch (IOException unreadable) {
            throw misused("--token-file: cannot read " + Visible.of(file.toString()));
        }
        throw misused("--token-file: " + Visible.of(file.toString()) + " is empty");
    }

    private URI ofFile() throws InvalidConfigException {
        AdminSettings settings = config.load(warning -> {}).admin();
        if (!settings.enabled()) {
            throw misused(config.file() + " has no admin port (admin.enabled: false)");
        }
        if (settings.listen().port() == 0) {
            throw misused(config.file() + " leaves the admin port open (port 0): name it with --admin");
        }
        if (settings.listen().isAny()) {
            throw misused(config.file() + " has it listen on all addresses (" + settings.listen()
                    + "): name the one of its certificate with --admin");
        }
        return URI.create((settings.tls() == null ? "http://" : "https://") + settings.listen());
    }

    private URI ofUrl(String text) {
        try {
            URI uri = URI.create(text);
            boolean isPlain = uri.getPath().isEmpty() || uri.getPath().equals("/");
            boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (isHttp && uri.getHost() != null && uri.getUserInfo() == null && isPlain) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            throw noUrl(text);
        }
        throw noUrl(text);
    }

    private ParameterException noUrl(String text) {
        return misused("--admin: expected http://host:port or https://host:port, was '"
                + Visible.of(UriSecrets.hidden(text), 100) + "'");
    }

    private ParameterException misused(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.AdminClient;
import io.gantry.admin.AdminSettings;
import io.gantry.app.yaml.InvalidConfigException;
import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options {@code -c} and {@code --admin}: which running gateway is meant. */
final class AdminOption {

    @Mixin
    private final ConfigOption config;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description =
                    "The gateway's admin port, such as http://127.0.0.1:8080 (default: admin.listen of the YAML file).")
    private @Nullable String url;

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    AdminOption(Function<String, @Nullable String> environment) {
        this.config = new ConfigOption(environment);
    }

    /**
     * A client of the gateway that is meant.
     *
     * @throws InvalidConfigException when the file that should say where it is cannot be read
     */
    AdminClient client() throws InvalidConfigException {
        return new AdminClient(url == null ? ofFile() : ofUrl(url));
    }

    private URI ofFile() throws InvalidConfigException {
        AdminSettings settings = config.load(warning -> {}).admin();
        if (!settings.enabled()) {
            throw misused(config.file() + " has no admin port (admin.enabled: false)");
        }
        if (settings.listen().port() == 0) {
            throw misused(config.file() + " leaves the admin port open (port 0): name it with --admin");
        }
        return URI.create("http://" + settings.listen());
    }

    private URI ofUrl(String text) {
        try {
            URI uri = URI.create(text);
            boolean isPlain = uri.getPath().isEmpty() || uri.getPath().equals("/");
            if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null && isPlain) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            throw noUrl(text);
        }
        throw noUrl(text);
    }

    private ParameterException noUrl(String text) {
        return misused("--admin: expected http://host:port, was '" + Visible.of(text, 100) + "'");
    }

    private ParameterException misused(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.app.yaml.Place;
import io.gantry.app.yaml.Problem;
import io.gantry.security.RoleSettings;
import io.gantry.security.RuleFilter;
import io.gantry.security.SecuritySettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("security: in a configuration file")
class SecurityErrorsTest {
    private static final String LOCAL = "listeners: mqtt://127.0.0.1\nsecurity: ";
    private static final String USERS = "authenticate: [{password-file: u.txt}]";

    @DisplayName("[B23] is said to be wrong with its place, what was found and what was expected")
    @ParameterizedTest(name = "{1}")
    @MethodSource("mistakes")
    void located(String security, String expected) {
        assertThat(errorsIn(LOCAL + security)).containsExactly("g.yaml:2:" + expected);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        "{" + USERS + ", roles: {d: {publish: [\"a/#/b\"]}}}",
                        "74: publish: 'a/#/b' is not a Topic Filter: + stands for a whole level, # only at the end, and a"
                                + " shared subscription is judged without $share/group/"),
                Arguments.of(
                        "{" + USERS + ", roles: {d: {deny-publish: [a, \"x/{clint}\"]}}}",
                        "82: deny-publish: 'x/{clint}' has an unknown variable {clint}, expected {client}, {username},"
                                + " {cn} or {claim.NAME}"),
                Arguments.of(
                        "{" + USERS + ", roles: {d: {subscribe: [\"x/+{client}\"]}}}",
                        "76: subscribe: 'x/+{client}' has a variable and a wildcard in one level, expected them in levels"
                                + " of their own"),
                Arguments.of(
                        "{" + USERS + ", roles: {d: {publsh: a}}}",
                        "64: unknown key 'publsh', did you mean 'publish'?"),
                Arguments.of(
                        "{" + USERS + ", roles: {\"a b\": {publish: a}}}",
                        "60: roles: a name must be 1 to 64 letters, digits, '-' and '_', was 'a b'"),
                Arguments.of(
                        "{authenticate: [{password-file: {file: u.txt, role: [d, devce]}}], roles: {device: {}, d: {}}}",
                        "67: role: no role is called 'devce', did you mean 'device'?"),
                Arguments.of(
                        "{anonymous: true, anonymous-roles: gest, roles: {guest: {}}}",
                        "46: anonymous-roles: no role is called 'gest', did you mean 'guest'?"),
                Arguments.of(
                        "{" + USERS + "}",
                        "11: roles: must be given when there is authenticate, such as {device: {publish: [\"#\"],"
                                + " subscribe: [\"#\"]}}"),
                Arguments.of(
                        "{roles: {d: {}}}",
                        "19: roles: give nothing to anybody without authenticate, or without anonymous: true and"
                                + " anonymous-roles"),
                Arguments.of(
                        "{anonymous: true, anonymous-roles: d}",
                        "46: anonymous-roles: must not be given without roles"),
                Arguments.of("{anonymous: yes}", "23: anonymous: must be true or false, was 'yes'"));
    }

    @Test
    @DisplayName("may be left out, and then lets everybody in on this machine")
    void leftOut() throws InvalidConfigException {
        assertThat(read("listeners: mqtt://127.0.0.1").security()).isEqualTo(SecuritySettings.NONE);
        assertThat(SecuritySettings.NONE.isOpen()).isTrue();
    }

    @Test
    @DisplayName("has these keys for roles")
    void roleKeys() throws InvalidConfigException {
        SecuritySettings security = read(LOCAL + """
                {anonymous: true, anonymous-roles: guest, roles: {guest: {publish: "a/{client}", subscribe: [b, c],
                 deny-publish: d, deny-subscribe: e}, nothing: }}
                """).security();

        assertThat(security.roles())
                .isEqualTo(Map.of(
                        "guest",
                        new RoleSettings(filters("a/{client}"), filters("b", "c"), filters("d"), filters("e")),
                        "nothing",
                        new RoleSettings(List.of(), List.of(), List.of(), List.of())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mqtt://0.0.0.0:1883", "mqtt://[::]:1883", "ws://192.0.2.1:8083/mqtt", "mqtt://gateway:1883"})
    @DisplayName("must say who may connect where other machines can reach a listener")
    void openListener(String url) {
        String refusal =
                "g.yaml:1:13: " + url + " can be reached from other machines, and nothing says who may connect:"
                        + " expected security: {authenticate: [{password-file: users.txt}], roles: {…}}, or security: {anonymous:"
                        + " true} to let everybody in";

        assertThat(errorsIn("listeners: ['" + url + "', mqtt://127.0.0.1:1]")).containsExactly(refusal);
        assertThat(errorsIn("listeners: ['" + url + "']\nsecurity: {anonymous: true}"))
                .isEmpty();
        assertThat(errorsIn("listeners: ['" + url + "']\nsecurity: {" + USERS + ", roles: {d: {}}}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mqtt://127.0.0.1:1883", "mqtt://[::1]:1883", "ws://localhost:8083/mqtt", "mqtt://127.1.2.3:1"})
    @DisplayName("may say nothing where only this machine can reach a listener")
    void loopback(String url) {
        assertThat(errorsIn("listeners: ['" + url + "']")).isEmpty();
    }

    @Test
    @DisplayName("tells where each rule stands")
    void places(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("g.yaml"),
                LOCAL
                        + "\n  anonymous: true\n  anonymous-roles: d\n  roles:\n    d:\n      publish: [a, \"b/{client}\"]\n");

        ConfigFile.Placed read = new ConfigFile(List.of(), Map.<String, String>of()::get).readWithPlaces(file);

        RoleSettings role = Objects.requireNonNull(
                Objects.requireNonNull(read.settings().security().roles()).get("d"));
        assertThat(read.places().apply(role.publish().get(1))).isEqualTo(new Place(file.toString(), 7, 20));
        assertThatThrownBy(() -> read.places().apply("a")).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<RuleFilter> filters(String... texts) {
        return Stream.of(texts).map(RuleFilter::fromText).toList();
    }

    private static GatewaySettings read(String yaml) throws InvalidConfigException {
        return new ConfigFile(List.of(), Map.<String, String>of()::get).read("g.yaml", yaml);
    }

    private static List<String> errorsIn(String yaml) {
        try {
            read(yaml);
            return List.of();
        } catch (InvalidConfigException invalid) {
            return invalid.problems().stream().map(Problem::toString).toList();
        }
    }
}

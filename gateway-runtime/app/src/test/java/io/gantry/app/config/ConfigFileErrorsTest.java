// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.app.yaml.Problem;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("What is wrong in a configuration file")
class ConfigFileErrorsTest {
    private static final String START = "listeners: mqtt://127.0.0.1:1883\nendpoints: {plant: {shelf: hall}}\n";

    @DisplayName("is said with its place, what was found and what was expected")
    @ParameterizedTest(name = "{1}")
    @MethodSource({"file", "keys", "listeners", "limits", "values", "bounds", "sides", "endpoints", "templates"})
    void located(String yaml, String expected) {
        assertThat(errorsIn(yaml)).containsExactly(expected);
    }

    static Stream<Arguments> file() {
        return Stream.of(
                Arguments.of("", "g.yaml:1:1: the file is empty"),
                Arguments.of("# only a comment\n", "g.yaml:1:1: the file is empty"),
                Arguments.of("routes: {}", "g.yaml:1:1: 'listeners' is missing"),
                Arguments.of(
                        "listeners: []",
                        "g.yaml:1:12: listeners: must be at least one, such as" + " mqtt://127.0.0.1:1883"),
                Arguments.of("- a", "g.yaml:1:1: expected a mapping with at least 'listeners', was a list"),
                Arguments.of(
                        "mqtt://h", "g.yaml:1:1: expected a mapping with at least 'listeners', was a single value"),
                Arguments.of("lisners: mqtt://h", "g.yaml:1:1: unknown key 'lisners', did you mean 'listeners'?"),
                Arguments.of(
                        "listeners: mqtt://h\nendpoints: {a: {shelf: [[]]}}",
                        "g.yaml:2:24: shelf: expected a"
                                + " mapping with 'rooms', 'password', 'height', 'size', 'reach', 'share', 'door', 'things',"
                                + " 'paint', was a list"),
                Arguments.of(
                        "listeners: mqtt://h\nlimits: {",
                        "g.yaml:2:10: not YAML: expected the node content, but" + " found '<stream end>'"),
                Arguments.of(
                        "listeners:\n\t- a",
                        "g.yaml:2:1: not YAML: found character '\\t(TAB)' that cannot start any"
                                + " token. (Do not use \\t(TAB) for indentation)"),
                Arguments.of("a: b: c", "g.yaml:1:5: not YAML: mapping values are not allowed here"),
                Arguments.of("listeners: mqtt://h\n---\na: b", "g.yaml:2:1: a second document begins, expected one"));
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                Arguments.of(
                        "lisners: mqtt://h\nlisteners: mqtt://h",
                        "g.yaml:1:1: unknown key 'lisners', did you mean" + " 'listeners'?"),
                Arguments.of(
                        "listeners: {url: mqtt://h, maxPacketSize: 1KiB}",
                        "g.yaml:1:28: unknown key" + " 'maxPacketSize', did you mean 'max-packet-size'?"),
                Arguments.of(
                        "listeners: mqtt://h\ncolour: red",
                        "g.yaml:2:1: unknown key 'colour', expected one of"
                                + " admin, dead-letters, endpoints, limits, listeners, routes, security, shutdown-timeout, store,"
                                + " sys-interval"),
                Arguments.of(
                        "listeners: mqtt://127.0.0.1\nlisteners: mqtt://i",
                        "g.yaml:2:1: key 'listeners' is given twice," + " first in line 1"),
                Arguments.of(
                        "listeners: mqtt://h\nadmin: {port: 8080}",
                        "g.yaml:2:9: unknown key 'port', expected one of audit, enabled, hosts, listen, tls, tokens"),
                Arguments.of(
                        "listeners: mqtt://h\nadmin: {listen: \"0.0.0.0:8080\"}",
                        "g.yaml:2:17: listen: must be a loopback address such as 127.0.0.1:8080 as long as there is no tls:"
                                + " {cert: FILE, key: FILE} and tokens: {NAME: {token: \"${file:PATH}\", role: operator}},"
                                + " was 0.0.0.0:8080"),
                Arguments.of(
                        START + "routes: {a: {from: {mqtt: x}, to: {plant: b}, transform: .}}",
                        "g.yaml:3:47: 'transform' is not supported by this version"),
                Arguments.of(
                        START + "routes: {a: {from: {mqtt: x}, to: {plant: {box: b, exactly-once: true}}}}",
                        "g.yaml:3:52: unknown key 'exactly-once', expected one of box, label, tags"),
                Arguments.of(
                        START + "routes: {a b: {from: {mqtt: x}, to: {plant: b}}}",
                        "g.yaml:3:10: routes: a name" + " must be 1 to 64 letters, digits, '-' and '_', was 'a b'"),
                Arguments.of(
                        "listeners: mqtt://127.0.0.1\nendpoints: {mqtt: {shelf: hall}}",
                        "g.yaml:2:13: endpoints: 'mqtt' has" + " a meaning of its own, expected another name"));
    }

    static Stream<Arguments> listeners() {
        return Stream.of(
                Arguments.of(
                        "listeners: tcp://h",
                        "g.yaml:1:12: url: 'tcp' listeners are not supported by this version, only"
                                + " mqtt://host:port or ws://host:port/path, with TLS mqtts:// or wss://, was"
                                + " 'tcp://h'"),
                Arguments.of(
                        "listeners: wss://h",
                        "g.yaml:1:12: tls: must be given for wss://h:8084/mqtt, with cert and key"),
                Arguments.of(
                        "listeners: {url: mqtt://h, tls: {cert: c.pem, key: k.pem}}",
                        "g.yaml:1:33: tls: is for mqtts:// and wss:// listeners, this one is mqtt://h:1883;"
                                + " expected none"),
                Arguments.of(
                        "listeners: {url: mqtts://h, tls: {cert: c.pem}}",
                        "g.yaml:1:34: key: must be given together with a cert in PEM"),
                Arguments.of(
                        "listeners: mqtt://h/mqtt",
                        "g.yaml:1:12: url: has path /mqtt, must be mqtt://host:port or ws://host:port/path, with TLS"
                                + " mqtts:// or wss://, was 'mqtt://h/mqtt'"),
                Arguments.of(
                        "listeners: {url: mqtt://h, allowed-origins: [https://a]}",
                        "g.yaml:1:45: allowed-origins: is for ws:// and wss:// listeners, this one is mqtt://h:1883; expected none"),
                Arguments.of(
                        "listeners: {url: mqtt://h, packet-timeout: 0s}",
                        "g.yaml:1:44: packet-timeout: must be longer than 0s, and at most 1d"),
                Arguments.of(
                        "listeners: {url: mqtt://h, max-accept-rate: -1}",
                        "g.yaml:1:45: max-accept-rate: must be at least 0, was -1"),
                Arguments.of(
                        "listeners: {url: mqtt://h, max-accept-rate-per-address: -1}",
                        "g.yaml:1:57: max-accept-rate-per-address: must be at least 0, was -1"),
                Arguments.of(
                        "listeners: {url: ws://h, allowed-origins: [https://a/b]}",
                        "g.yaml:1:43: allowed-origins: must be scheme://host or scheme://host:port or *, was"
                                + " 'https://a/b'"));
    }

    static Stream<Arguments> limits() {
        return Stream.of(
                Arguments.of(
                        "listeners: mqtt://h\nlimits: {max-connect-ban: 9s}",
                        "g.yaml:2:27: max-connect-ban: must be 10s to 365d"),
                Arguments.of(
                        "listeners: mqtt://h\nlimits: {flapping-ban: 0s}",
                        "g.yaml:2:24: flapping-ban: must be 1s to 365d"),
                Arguments.of(
                        "listeners: mqtt://h\nlimits: {max-publish-rate-per-address: -1}",
                        "g.yaml:2:40: max-publish-rate-per-address: must be 0 to 2147483647, was -1"),
                Arguments.of(
                        "listeners: mqtt://h\nlimits: {overload: {heap: 85}}",
                        "g.yaml:2:27: heap: must be a share such as 85%, was '85'"),
                Arguments.of(
                        "listeners: mqtt://h\nlimits: {overload: {direct-memory: 100%}}",
                        "g.yaml:2:36: direct-memory: must be 1% to 99%, or 0% for no mark, was 100%"),
                Arguments.of(
                        "listeners: mqtt://h\nlimits: {overload: {loop-lag: 9ms}}",
                        "g.yaml:2:31: loop-lag: must be 10ms to 1m, or 0s for no mark, was 9ms"),
                Arguments.of(
                        "listeners: mqtt://h\nlimits: {when-queue-full: explode}",
                        "g.yaml:2:27: when-queue-full: must be reject-new or drop-oldest or disconnect, was 'explode'"));
    }

    static Stream<Arguments> values() {
        return Stream.of(
                shelf(
                        "height: 0123",
                        39,
                        "height: must be a whole number such as 1000, in decimal digits alone, without"
                                + " a leading 0, was '0123'"),
                shelf(
                        "height: 1e3",
                        39,
                        "height: must be a whole number such as 1000, in decimal digits alone, without"
                                + " a leading 0, was '1e3'"),
                shelf(
                        "height: 0x1F",
                        39,
                        "height: must be a whole number such as 1000, in decimal digits alone, without"
                                + " a leading 0, was '0x1F'"),
                shelf(
                        "height: 1_000",
                        39,
                        "height: must be a whole number such as 1000, in decimal digits alone,"
                                + " without a leading 0, was '1_000'"),
                shelf("height: 3000000000", 39, "height: must be -2147483648 to 2147483647, was '3000000000'"),
                shelf("height: 0", 39, "height: must be at least 1, was 0"),
                shelf("height: [1]", 39, "height: expected a single value, was a list"),
                shelf("height: ", 38, "height: expected a single value, was nothing"),
                shelf("door: yes", 37, "door: must be true or false, was 'yes'"),
                shelf("door: ON", 37, "door: must be true or false, was 'ON'"),
                shelf("share: .5", 38, "share: must be a number such as 0.5, was '.5'"),
                shelf("reach: 5", 38, "reach: must be a time with its unit, such as 250ms, 5s, 10m, 1h or 7d, was '5'"),
                shelf("size: 5 apples", 37, "size: must be a size such as 512, 256KiB or 10MiB, was '5 apples'"),
                shelf("paint: blue", 38, "paint: must be dark-green or white, was 'blue'"),
                Arguments.of(
                        "listeners: mqtt://h:99999",
                        "g.yaml:1:12: url: has port 99999, must be 0 to 65535, was" + " 'mqtt://h:99999'"),
                Arguments.of(
                        "listeners: [mqtt://h:1883, mqtt://0.0.0.0:1883]",
                        "g.yaml:1:28: url: mqtt://0.0.0.0:1883"
                                + " and mqtt://h:1883 in line 1 take the same port, expected another one"));
    }

    static Stream<Arguments> bounds() {
        String interval = "g.yaml:2:15: sys-interval: must be 1s to 1h, or 0s for never";
        return Stream.of(
                Arguments.of("listeners: mqtt://h\nsys-interval: 999ms", interval),
                Arguments.of("listeners: mqtt://h\nsys-interval: 61m", interval),
                Arguments.of(
                        "listeners: mqtt://h\nlimits: {max-authentication-rounds: 0}",
                        "g.yaml:2:37: max-authentication-rounds: must be 1 to 1000, was 0"));
    }

    private static Arguments shelf(String setting, int column, String message) {
        return Arguments.of(
                "listeners: mqtt://h\nendpoints: {a: {shelf: {rooms: b, " + setting + "}}}",
                "g.yaml:2:" + (column + 4) + ": " + message);
    }

    static Stream<Arguments> sides() {
        return Stream.of(
                Arguments.of(
                        START + "routes: {a: {from: {mqtt: x}, to: {plnat: b}}}",
                        "g.yaml:3:36: no endpoint is called" + " 'plnat', did you mean 'plant'?"),
                Arguments.of(
                        START + "routes: {a: {from: {mqtt: x}, to: {cloud: b}}}",
                        "g.yaml:3:36: no endpoint is called" + " 'cloud', expected one of mqtt, plant"),
                Arguments.of(
                        START + "routes: {a: {from: {mqtt: a/#/b}, to: {plant: b}}}",
                        "g.yaml:3:27: mqtt: 'a/#/b' is"
                                + " not a Topic Filter: + stands for a whole level, # only at the end"),
                Arguments.of(
                        START + "routes: {a: {from: {mqtt: x}, to: {mqtt: {topic: y}}}}",
                        "g.yaml:3:36: to: a route"
                                + " from mqtt to mqtt would publish what devices publish to devices again, expected an endpoint"),
                Arguments.of(
                        START + "routes: {a: {from: {plant: {box: b, reply: true}}, to: {plant: b}}}",
                        "g.yaml:3:13: a: from has reply: true, so the route needs one side 'mqtt' in its 'to' whose"
                                + " devices answer, has 0"),
                Arguments.of(
                        START + "routes: {a: {from: {plant: b}, to: {mqtt: {topic: x, answer-topic: y}}}}",
                        "g.yaml:3:13: a: answer-topic says where devices answer, but nobody asks them:"
                                + " expected reply: true in 'from'"),
                Arguments.of(
                        START + "routes: {a: {from: mqtt, to: {plant: b}}}",
                        "g.yaml:3:20: from: expected an endpoint"
                                + " with what is wanted of it, such as {mqtt: \"a/b\"}, was a single value"),
                Arguments.of(
                        START + "routes: {a: {from: {mqtt: x}, to: {plant: b, other: c}}}",
                        "g.yaml:3:46: to: names" + " 'plant' and 'other', expected one endpoint"),
                Arguments.of(
                        START + "routes: {a: {from: {mqtt: x}, to: []}}",
                        "g.yaml:3:35: to: must name at least one" + " side"),
                Arguments.of(START + "routes: {a: {from: {mqtt: x}}}", "g.yaml:3:13: a: 'to' is missing"));
    }

    static Stream<Arguments> endpoints() {
        return Stream.of(
                Arguments.of(
                        "listeners: mqtt://h\nendpoints: {erp: {coap: {url: x}}}",
                        "g.yaml:2:19: no connector is" + " called 'coap', expected shelf"),
                Arguments.of(
                        "listeners: mqtt://h\nendpoints: {erp: {shelv: {}}}",
                        "g.yaml:2:19: no connector is called" + " 'shelv', did you mean 'shelf'?"),
                Arguments.of(
                        "listeners: mqtt://h\nendpoints: {erp: {shelv: {}}}\n"
                                + "routes: {a: {from: {mqtt: x}, to: {erp: b}}, c: {from: {erp: d}, to: {mqtt: y}}}",
                        "g.yaml:2:19: no connector is called" + " 'shelv', did you mean 'shelf'?"),
                Arguments.of(
                        "listeners: mqtt://h\nendpoints: {erp: shelf}",
                        "g.yaml:2:18: erp: expected one connector" + " with its settings, such as {shelf: {…}}"));
    }

    static Stream<Arguments> templates() {
        return Stream.of(
                Arguments.of(
                        START
                                + "routes: {a: {from: {mqtt: \"x/{device}\"}, to: {plant: {box: b, label: \"{devcie}\"}}}}",
                        "g.yaml:3:70: no message of this route has a value {devcie}, did you mean {device}?"),
                Arguments.of(
                        START + "routes: {a: {from: {plant: b}, to: {mqtt: \"x/{site}\"}}}",
                        "g.yaml:3:43: no message of this route has a value {site}, expected one of {topic}, {key}, {qos},"
                                + " {id}, {received}, {header.NAME}, {user.NAME}"),
                Arguments.of(
                        START + "routes: {a: {from: {mqtt: x}, to: {plant: {box: b, tags: {t: \"{key}\"}}}}}",
                        "g.yaml:3:62: no message of this route has a value {key}, expected one of {topic}, {client},"
                                + " {username}, {qos}, {id}, {received}, {user.NAME}"),
                Arguments.of(
                        START + "routes: {a: {from: {mqtt: x}, to: {plant: \"a{b\"}}}",
                        "g.yaml:3:43: box: has a brace" + " that is not part of a {name}, was 'a{b'"));
    }

    @Test
    @DisplayName("is all said at once, in the order of the file")
    void allAtOnce() {
        String yaml = """
                lisners: 5
                listeners:
                  - mqtt://127.0.0.1:99999
                endpoints:
                  plant: {shelf: {rooms: hall, door: yes}}
                routes:
                  telemetry:
                    from: {mqtt: "sensors/#/telemetry"}
                    to: {nowhere: {box: b}}
                """;

        List<String> errors = errorsIn(yaml);

        assertThat(errors).hasSize(5);
        assertThat(errors.stream().map(error -> error.substring(0, error.indexOf(' '))))
                .containsExactly("g.yaml:1:1:", "g.yaml:3:5:", "g.yaml:5:38:", "g.yaml:8:18:", "g.yaml:9:10:");
    }

    @Test
    @DisplayName("in one side of a route does not hide what is wrong in the others")
    void sidesTogether() {
        List<String> errors = errorsIn(START
                + "routes: {a: {from: {mqtt: x}, to: [{plant: \"{a}\"}, {nowhere: x}, {plant: \"{b}\"}], delivery: {ack:"
                + " now}}}");

        assertThat(errors).hasSize(4);
    }

    @Test
    @DisplayName("in one key of a side does not hide a template that names what is not there")
    void templatesOfBrokenSides() {
        List<String> errors =
                errorsIn(START + "routes: {a: {from: {plant: b}, to: {mqtt: {topic: \"x/{a}\", qos: 3}}}}");

        assertThat(errors)
                .containsExactly(
                        "g.yaml:3:51: no message of this route has a value {a}, expected one of {topic}, {key}, {qos},"
                                + " {id}, {received}, {header.NAME}, {user.NAME}",
                        "g.yaml:3:65: qos: must be 0, 1, 2 or keep, was '3'");
    }

    @Test
    @DisplayName("is shown a hundred times at most")
    void manyErrors() {
        StringBuilder yaml = new StringBuilder(START);
        for (int i = 0; i < 20_000; i++) {
            yaml.append("unknown-key-number-").append(i).append(": 1\n");
        }

        assertThat(errorsIn(yaml.toString())).hasSize(100);
    }

    static List<String> errorsIn(String yaml) {
        try {
            new ConfigFile(List.of(new Shelf("shelf")), Map.<String, String>of()::get).read("g.yaml", yaml);
            return List.of();
        } catch (InvalidConfigException invalid) {
            return invalid.problems().stream().map(Problem::toString).toList();
        }
    }
}

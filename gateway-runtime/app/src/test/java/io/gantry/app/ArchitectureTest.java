// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.gantry.api.PlantedHelper;
import java.util.List;

/** Who may see whom, as docs/architecture.md says it. A rule that finds nothing to check fails too. */
@AnalyzeClasses(packages = "io.gantry", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule API = classes()
            .that()
            .resideInAPackage("io.gantry.api..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.gantry.api..", "java..", "javax.net.ssl..", "org.jspecify..")
            .as("api sees only the JDK");

    @ArchTest
    static final ArchRule STORE = HouseRules.module("store", "api");

    @ArchTest
    static final ArchRule MQTT = HouseRules.module("mqtt", "api");

    @ArchTest
    static final ArchRule DELIVERY = HouseRules.module("delivery", "api");

    @ArchTest
    static final ArchRule ADMIN = HouseRules.module("admin", "delivery", "tls", "api");

    @ArchTest
    static final ArchRule TLS = HouseRules.module("tls", "api");

    @ArchTest
    static final ArchRule SECURITY = HouseRules.module("security", "api");

    @ArchTest
    static final ArchRule SPI = HouseRules.module("connectors.spi", "api");

    @ArchTest
    static final ArchRule KAFKA = HouseRules.module("connectors.kafka", "connectors.spi", "api");

    @ArchTest
    static final ArchRule AMQP = HouseRules.module("connectors.amqp", "connectors.spi", "api");

    @ArchTest
    static final ArchRule COAP = HouseRules.module("connectors.coap", "connectors.spi", "tls", "api");

    @ArchTest
    static final ArchRule REMOTE_MQTT = HouseRules.module("connectors.mqtt", "connectors.spi", "api");

    @ArchTest
    static final ArchRule HTTP = HouseRules.module("connectors.http", "connectors.spi", "tls", "api");

    @ArchTest
    static final ArchRule ROUTES = HouseRules.module("routes", "connectors.spi", "api");

    @ArchTest
    static final ArchRule TESTBED = HouseRules.module("testbed", "api");

    @ArchTest
    static final ArchRule NETTY = HouseRules.library("io.netty..", "io.gantry.mqtt..", "io.gantry.app");

    @ArchTest
    static final ArchRule CAMEL =
            HouseRules.library("org.apache.camel..", "io.gantry.routes..", "io.gantry.connectors..", "io.gantry.app");

    @ArchTest
    static final ArchRule KAFKA_CLIENTS = HouseRules.library(
            "org.apache.kafka..", "io.gantry.connectors.kafka..", "io.gantry.testbed..", "io.gantry.app.demo..");

    @ArchTest
    static final ArchRule HTTP_CLIENT = HouseRules.library("org.apache.hc..", "io.gantry.connectors.http..");

    @ArchTest
    static final ArchRule BOUNCY_CASTLE =
            HouseRules.library("org.bouncycastle..", "io.gantry.testbed..", "io.gantry.security..", "io.gantry.tls..");

    @ArchTest
    static final ArchRule NIMBUS = HouseRules.library("com.nimbusds..", "io.gantry.security..", "io.gantry.routes..");

    @ArchTest
    static final ArchRule JMS =
            HouseRules.library("jakarta.jms..", "io.gantry.connectors.amqp..", "io.gantry.app.demo..");

    @ArchTest
    static final ArchRule QPID =
            HouseRules.library("org.apache.qpid..", "io.gantry.connectors.amqp..", "io.gantry.app.demo..");

    @ArchTest
    static final ArchRule ARTEMIS =
            HouseRules.library("org.apache.activemq..", "io.gantry.testbed..", "io.gantry.app.demo..");

    @ArchTest
    static final ArchRule CALIFORNIUM =
            HouseRules.library("org.eclipse.californium..", "io.gantry.connectors.coap..", "io.gantry.app.demo..");

    @ArchTest
    static final ArchRule MQTT_CLIENTS = HouseRules.library("org.eclipse.paho..", "io.gantry.connectors.mqtt..");

    @ArchTest
    static final ArchRule ROCKSDB = HouseRules.library("org.rocksdb..", "io.gantry.store..");

    @ArchTest
    static final ArchRule VERTX =
            HouseRules.library("io.vertx..", "io.gantry.admin..", "io.gantry.connectors.http..", "io.gantry.tls.vertx");

    @ArchTest
    static final ArchRule MICROMETER = HouseRules.library("io.micrometer..", "io.gantry.admin..");

    @ArchTest
    static final ArchRule PROMETHEUS = HouseRules.library("io.prometheus..", "io.gantry.admin..");

    @ArchTest
    static final ArchRule SNAKEYAML = HouseRules.library("org.yaml..", "io.gantry.app..");

    @ArchTest
    static final ArchRule PICOCLI = HouseRules.library("picocli..", "io.gantry.app..");

    @ArchTest
    static final ArchRule LOGBACK = HouseRules.library("ch.qos.logback..", "io.gantry.app..");

    @ArchTest
    static final ArchRule DEVICES_OF_THE_DEMO = HouseRules.library("com.hivemq..", "io.gantry.app.demo..");

    @ArchTest
    static final ArchRule FACADES = HouseRules.onlyFacadesAreSeenFromOutside();

    @ArchTest
    static final ArchRule CYCLES = slices().matching("io.gantry.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NAMES = noClasses()
            .that()
            .resideInAPackage("io.gantry..")
            .should()
            .haveNameMatching(".*[.$](\\w*(Impl|Utils?|Helper|Manager)|Abstract[A-Z]\\w*)$")
            .as("names say what a class is");

    @ArchTest
    static final ArchRule SLEEP = HouseRules.nobodySleeps();

    @ArchTest
    static final ArchRule STANDARD_OUTPUT = noClasses()
            .that()
            .resideOutsideOfPackage("io.gantry.app..")
            .and()
            .doNotHaveFullyQualifiedName("io.gantry.testbed.KafkaMain")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .as("only the command line and the testbed's own process print");

    @ArchTest
    static void everyRuleSeesAPlantedViolation(JavaClasses ignored) {
        JavaClasses planted = new ClassFileImporter().importClasses(PlantedHelper.class);
        JavaClasses visitor = new ClassFileImporter().importClasses(PlantedVisitor.class);

        List<ArchRule> broken = List.of(
                API,
                HouseRules.module("api"),
                NETTY,
                CAMEL,
                KAFKA_CLIENTS,
                SNAKEYAML,
                PICOCLI,
                NAMES,
                SLEEP,
                STANDARD_OUTPUT);

        assertThat(broken).allSatisfy(rule -> assertThat(
                        rule.allowEmptyShould(true).evaluate(planted).hasViolation())
                .as(rule.getDescription())
                .isTrue());
        assertThat(FACADES.evaluate(visitor).hasViolation()).isTrue();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The rules' vocabulary: modules, what they see, and which libraries belong to whom. */
final class HouseRules {
    private static final List<String> MODULES = List.of(
            "io.gantry.api",
            "io.gantry.store",
            "io.gantry.mqtt",
            "io.gantry.delivery",
            "io.gantry.admin",
            "io.gantry.connectors.spi",
            "io.gantry.connectors.kafka",
            "io.gantry.connectors.http",
            "io.gantry.connectors.amqp",
            "io.gantry.routes",
            "io.gantry.security",
            "io.gantry.tls",
            "io.gantry.testbed",
            "io.gantry.app");

    /** Rooms that everybody may enter. */
    private static final Set<String> OPEN = Set.of(
            "io.gantry.api.files",
            "io.gantry.api.security",
            "io.gantry.api.settings",
            "io.gantry.api.store",
            "io.gantry.tls.vertx");

    private HouseRules() {}

    /** Of Gantry's own classes, a module sees itself and those named. */
    static ArchRule module(String module, String... seen) {
        String[] packages = new String[seen.length + 1];
        packages[0] = "io.gantry." + module + "..";
        for (int i = 0; i < seen.length; i++) {
            packages[i + 1] = "io.gantry." + seen[i] + "..";
        }
        return classes()
                .that()
                .resideInAPackage("io.gantry." + module + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(packages).or(resideOutsideOfPackage("io.gantry..")))
                .as(module + " sees of Gantry only itself and " + Arrays.toString(seen));
    }

    /** A library is seen by the packages named and by nobody else. */
    static ArchRule library(String library, String... users) {
        return noClasses()
                .that(resideInAPackage("io.gantry..").and(resideOutsideOfPackages(users)))
                .should()
                .dependOnClassesThat(resideInAPackage(library))
                .as(library + " is seen only by " + Arrays.toString(users));
    }

    /** What a module keeps in sub-packages is its own business: others see its façade. */
    static ArchRule onlyFacadesAreSeenFromOutside() {
        return classes().that().resideInAPackage("io.gantry..").should(new ArchCondition<>("see only façades") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                    String room =
                            dependency.getTargetClass().getBaseComponentType().getPackageName();
                    if (isInsideAnotherModule(origin.getPackageName(), room)) {
                        events.add(SimpleConditionEvent.violated(origin, dependency.getDescription()));
                    }
                }
            }
        });
    }

    /** Calls of {@code Thread.sleep}, whatever its arguments. */
    static ArchRule nobodySleeps() {
        return noClasses()
                .that()
                .resideInAPackage("io.gantry..")
                .should()
                .callMethodWhere(describe(
                        "sleeps",
                        call -> call.getTargetOwner().isEquivalentTo(Thread.class)
                                && call.getName().equals("sleep")));
    }

    private static boolean isInsideAnotherModule(String visitor, String room) {
        return !OPEN.contains(room)
                && MODULES.stream()
                        .filter(module -> room.startsWith(module + "."))
                        .anyMatch(module -> !visitor.equals(module) && !visitor.startsWith(module + "."));
    }
}

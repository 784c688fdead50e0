// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.script.ScriptEngineManager;

/** Ways into a process by which others were taken over. Cited in docs/attacks.md. */
@AnalyzeClasses(packages = "io.gantry", importOptions = ImportOption.DoNotIncludeTests.class)
class BackDoorsTest {
    private static final ArchRule SERIALISATION = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ObjectInputStream.class)
            .as("nobody unpacks serialised objects");

    private static final ArchRule BACK_DOORS = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "com.sun.tools.attach..",
                    "java.lang.instrument..",
                    "java.rmi..",
                    "javax.management.remote..",
                    "javax.script..")
            .as("there are no agents, remote objects or scripts");

    private static final ArchRule DIRECTORIES = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Context.class)
            .as("nobody looks up objects by names");

    /** Does all of it. */
    private static final class Planted {
        ScriptEngineManager scripts() {
            return new ScriptEngineManager();
        }

        Context directory() throws NamingException {
            return new InitialContext();
        }

        Object unpack(InputStream in) throws IOException, ClassNotFoundException {
            return new ObjectInputStream(in).readObject();
        }
    }

    @ArchTest
    static void noSerialisation(JavaClasses gantry) {
        SERIALISATION.check(gantry);
    }

    @ArchTest
    static void noBackDoors(JavaClasses gantry) {
        BACK_DOORS.check(gantry);
    }

    @ArchTest
    static void noDirectories(JavaClasses gantry) {
        DIRECTORIES.check(gantry);
    }

    @ArchTest
    static void aPlantedOneIsSeen(JavaClasses ignored) {
        JavaClasses planted = new ClassFileImporter().importClasses(Planted.class);

        assertThat(SERIALISATION.evaluate(planted).hasViolation()).isTrue();
        assertThat(BACK_DOORS.evaluate(planted).hasViolation()).isTrue();
        assertThat(DIRECTORIES.evaluate(planted).hasViolation()).isTrue();
    }
}

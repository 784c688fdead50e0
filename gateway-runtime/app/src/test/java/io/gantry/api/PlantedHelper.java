// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import io.gantry.delivery.AckPoint;
import io.netty.util.Version;
import org.apache.camel.CamelContext;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

/** Breaks the rules of the house on purpose: proves that ArchitectureTest sees it. */
public final class PlantedHelper {

    private PlantedHelper() {}

    /** Everything that is not allowed here. */
    public static String breakTheRules(CamelContext camel, Yaml yaml, ProducerRecord<String, String> record)
            throws InterruptedException {
        Thread.sleep(0);
        System.out.println(AckPoint.DELIVERED);
        return Version.identify().toString() + camel + yaml + record + new CommandLine(new Object());
    }
}

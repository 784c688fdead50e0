// SPDX-License-Identifier: Apache-2.0
package io.gantry.testbed;

import java.io.IOException;

/** What runs in Kafka's own process: formats the storage once, then serves until its parent is gone. */
final class KafkaMain {
    private static final String CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qg";

    private KafkaMain() {}

    public static void main(String[] arguments) {
        endWithTheParent();
        String properties = arguments[0];
        int failed = kafka.tools.StorageTool.execute(
                new String[] {"format", "--ignore-formatted", "--cluster-id", CLUSTER_ID, "--config", properties},
                System.out);
        if (failed != 0) {
            Runtime.getRuntime().halt(failed);
        }
        kafka.Kafka.main(new String[] {properties});
    }

    /** The parent holds the other end of standard input and writes nothing: its end is the parent's. */
    private static void endWithTheParent() {
        Thread watchdog = new Thread(KafkaMain::haltAtEndOfInput, "parent-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    private static void haltAtEndOfInput() {
        try {
            int read;
            do {
                read = System.in.read();
            } while (read >= 0);
        } catch (IOException closed) {
            System.out.println("the parent is gone: " + closed.getMessage());
        }
        Runtime.getRuntime().halt(1);
    }
}

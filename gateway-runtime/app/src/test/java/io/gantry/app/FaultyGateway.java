// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.api.Sink;
import io.gantry.api.store.Store;
import io.gantry.app.config.ConfigFile;
import io.gantry.app.config.GatewaySettings;
import io.gantry.app.crash.Fault;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** {@code gantry run} for a file, with faults between the parts of the gateway: {@code FILE FAULT...}. */
final class FaultyGateway {
    private FaultyGateway() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        GatewaySettings settings = new ConfigFile(Connectors.all(), System::getenv).read(Path.of(arguments[0]));
        List<Fault> faults = Arrays.stream(arguments).skip(1).map(Fault::named).toList();
        Gateway gateway = Gateway.start(settings, out::println, between(faults));
        Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "gantry-stop"));
        out.println("ready");
        new CountDownLatch(1).await();
    }

    private static Wiring between(List<Fault> faults) {
        return new Wiring() {
            @Override
            public Store store(Store opened) {
                Store store = opened;
                for (Fault fault : faults) {
                    store = fault.store(store);
                }
                return store;
            }

            @Override
            public Sink target(String outbox, Sink target) {
                Sink sink = target;
                for (Fault fault : faults) {
                    sink = fault.target(sink);
                }
                return sink;
            }
        };
    }
}

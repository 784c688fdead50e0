// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import java.util.concurrent.CountDownLatch;

/** Stands in for the gateway's process: ready at once, ends on SIGTERM with the exit code it was given. */
final class FakeGateway {

    private FakeGateway() {}

    /** @param arguments the exit code, or "silent" for one that ends before it is ready */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments[0].equals("silent")) {
            System.err.println("no such file");
            return;
        }
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(Integer.parseInt(arguments[0]))));
        System.out.println("listening on mqtt://127.0.0.1:1883");
        System.out.println("ready");
        new CountDownLatch(1).await();
    }
}

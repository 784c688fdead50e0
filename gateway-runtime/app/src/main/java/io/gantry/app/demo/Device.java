// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A simulated device: one connection over TCP, QoS 1 both ways. Its futures fail with what went wrong. */
interface Device {

    /** Connects, and subscribes to its commands. */
    CompletableFuture<?> connect(Consumer<byte[]> onCommand);

    /** Completes when the PUBACK is there. */
    CompletableFuture<?> publish(byte[] payload);

    CompletableFuture<?> disconnect();
}

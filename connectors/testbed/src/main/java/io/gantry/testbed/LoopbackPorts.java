// SPDX-License-Identifier: Apache-2.0
package io.gantry.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports for servers that are stopped and started again. Not from the range out of which clients get theirs: while
 * such a server is away, a client that connects again and again could be given the very port it connects to, talk to
 * itself and keep the server from coming back.
 */
public final class LoopbackPorts {
    private static final int LOWEST = 12_000;
    private static final int HIGHEST = 30_000;

    private LoopbackPorts() {}

    /** A port on which nothing listens now. */
    public static int free() {
        for (int attempt = 0; attempt < 200; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + LOWEST + " to " + HIGHEST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}

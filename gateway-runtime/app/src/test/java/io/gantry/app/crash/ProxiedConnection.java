// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection through a {@link FaultProxy}: two pumps, each with a thread of its own. */
final class ProxiedConnection {
    private static final int PIECE = 16_384;

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket target;
    private final AtomicInteger pumps = new AtomicInteger(2);

    ProxiedConnection(FaultProxy proxy, Socket client) throws IOException {
        this.proxy = proxy;
        this.client = client;
        this.target = new Socket(InetAddress.getLoopbackAddress(), proxy.targetPort());
        client.setTcpNoDelay(true);
        target.setTcpNoDelay(true);
    }

    void start(Runnable atEnd) {
        start("to-target", () -> pump(client, target, true), atEnd);
        start("to-client", () -> pump(target, client, false), atEnd);
    }

    /** Passes bytes on until an end is reached. */
    private interface Pump {
        void run() throws IOException, InterruptedException;
    }

    private void start(String name, Pump pump, Runnable atEnd) {
        Thread thread = new Thread(
                () -> {
                    try {
                        pump.run();
                    } catch (IOException | InterruptedException over) {
                        reset();
                    }
                    if (pumps.decrementAndGet() == 0) {
                        reset();
                        atEnd.run();
                    }
                },
                "fault-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void pump(Socket from, Socket to, boolean towardsTarget) throws IOException, InterruptedException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] piece = new byte[PIECE];
        long passed = 0;
        int length = in.read(piece);
        while (length >= 0) {
            Trouble trouble = proxy.trouble();
            while (trouble.kind() == Trouble.Kind.BLACK_HOLE) {
                proxy.holdWhile(trouble);
                trouble = proxy.trouble();
            }
            if (trouble.kind() == Trouble.Kind.CORRUPT && towardsTarget && length >= trouble.amount()) {
                piece[length - 4] ^= 1;
            }
            pass(out, piece, length, passed, trouble);
            passed += length;
            length = in.read(piece);
        }
        to.shutdownOutput();
    }

    private void pass(OutputStream out, byte[] piece, int length, long passed, Trouble trouble)
            throws IOException, InterruptedException {
        switch (trouble.kind()) {
            case RESET, REFUSE -> reset();
            case CUT -> {
                int left = (int) Math.max(0, Math.min(length, trouble.amount() - passed));
                out.write(piece, 0, left);
                if (left < length) {
                    reset();
                }
            }
            case ONE_BYTE_AT_A_TIME -> {
                for (int i = 0; i < length; i++) {
                    out.write(piece, i, 1);
                }
            }
            case LATENCY -> {
                proxy.hold(trouble, trouble.amount());
                out.write(piece, 0, length);
            }
            case NONE, BLACK_HOLE, CORRUPT -> out.write(piece, 0, length);
        }
    }

    /** Ends it on both sides as a lost one ends. */
    void reset() {
        reset(client);
        reset(target);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException gone) {
            // it is ended already, which is what is wanted
            return;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * An address that swallows what is sent to it, as behind a broken way or a firewall: somebody listens there and takes no
 * connection, and those that the system keeps for him are used up, so that it drops further attempts without a word.
 */
final class BlackHole implements AutoCloseable {
    private static final int MOST_KEPT = 200;
    private static final int ANSWER_MILLIS = 300;

    /** One answer may be late. */
    private static final int ENOUGH_WITHOUT_ANSWER = 2;

    private final ServerSocket listening;
    private final List<SocketChannel> kept = new ArrayList<>();

    private BlackHole(ServerSocket listening) {
        this.listening = listening;
    }

    /** At any port. The test is skipped where there is no such address, or the system refuses what it cannot keep. */
    static BlackHole at(InetAddress address) {
        BlackHole hole;
        try {
            hole = new BlackHole(new ServerSocket(0, 1, address));
        } catch (IOException none) {
            return Assumptions.abort("nobody can listen at " + address + ": " + none.getMessage());
        }
        try {
            hole.fill();
            return hole;
        } catch (IOException failure) {
            hole.close();
            return Assumptions.abort("the system refuses connections that nobody takes: " + failure.getMessage());
        }
    }

    private void fill() throws IOException {
        int unanswered = 0;
        while (unanswered < ENOUGH_WITHOUT_ANSWER) {
            if (kept.size() == MOST_KEPT) {
                throw new IOException("it keeps more than " + MOST_KEPT);
            }
            unanswered += isAnswered() ? 0 : 1;
        }
    }

    private boolean isAnswered() throws IOException {
        SocketChannel attempt = SocketChannel.open();
        kept.add(attempt);
        attempt.configureBlocking(false);
        if (attempt.connect(new InetSocketAddress(listening.getInetAddress(), port()))) {
            return true;
        }
        try (Selector selector = Selector.open()) {
            attempt.register(selector, SelectionKey.OP_CONNECT);
            return selector.select(ANSWER_MILLIS) > 0 && attempt.finishConnect();
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (SocketChannel attempt : kept) {
                attempt.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

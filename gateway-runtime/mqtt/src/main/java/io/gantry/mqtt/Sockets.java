// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * How Netty gets at sockets.
 *
 * @param name for people
 * @param io makes what each event loop waits with
 * @param listener the channel that goes with it
 */
record Sockets(String name, IoHandlerFactory io, Class<? extends ServerChannel> listener) {

    /** Linux's epoll where Netty's library for it can be loaded: half as many system calls for a message. */
    static Sockets best() {
        return Epoll.isAvailable() ? ofEpoll() : ofJdk();
    }

    static Sockets ofEpoll() {
        return new Sockets("epoll", EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
    }

    /** Works everywhere. */
    static Sockets ofJdk() {
        return new Sockets("jdk", NioIoHandler.newFactory(), NioServerSocketChannel.class);
    }

    @Override
    public String toString() {
        return name;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import java.util.List;

/** A real target system, with what the programme wants of it. Its settings are YAML on one line each. */
interface Peer extends AutoCloseable {

    /** Its entries below {@code endpoints:}, one a line. */
    String endpoints();

    /** Where the route from the devices ends: an endpoint and what is wanted of it. */
    String to();

    /** Where the route to the devices begins. */
    String from();

    /** By which template a message from there names its device. */
    String device();

    /** What has arrived there, in the order in which it did. Only while it is not away. */
    List<Numbered> arrived() throws Exception;

    /** The payload of a message that it, or its connector, never takes; not longer than 200,000 characters. */
    String poison();

    /**
     * Sends a message to its device, with the number as payload. On one thread.
     *
     * @throws Exception when it may not have been sent, and is to be sent again
     */
    void send(Numbered message) throws Exception;

    /** Sends a message of which no Topic Name can be made; fails as {@link #send} does. */
    void sendPoison() throws Exception;

    /** Nothing gets through any longer, and whatever it has confirmed stays. */
    void away() throws Exception;

    /** Ends that. */
    void back() throws Exception;

    @Override
    void close() throws Exception;
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.util.List;

/** Something that has a path: how it is asked for, where its work is done, and the work. */
record Resource(Verb verb, Where where, Work work) {

    /** What may be done with it. */
    enum Verb {
        /** Looked at by whoever asks whether the gateway lives, without a token. */
        PROBE("GET, HEAD"),
        READ("GET, HEAD"),
        /** Only by an operator, and recorded. */
        CHANGE("POST");

        private final String methods;

        Verb(String methods) {
            this.methods = methods;
        }

        boolean allows(String method) {
            return List.of(methods.split(", ", -1)).contains(method);
        }

        /** For the header {@code Allow}. */
        String allowed() {
            return methods;
        }
    }

    /** Which thread answers. */
    enum Where {
        /** The event loop of the admin port: it answers even when all workers wait for the disk. */
        AT_ONCE,
        /** One of a few workers. */
        READER,
        /** A worker of its own, so that one change is made after the other and nobody else waits for them. */
        CHANGER
    }

    /** Answers a request. */
    interface Work {
        Answer answer(Call call) throws Refusal;
    }
}

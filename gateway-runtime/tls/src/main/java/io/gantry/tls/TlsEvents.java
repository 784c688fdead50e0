// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

/** Is told what became of files that have changed, on the thread that watches them. They are in the log anyway. */
public interface TlsEvents {
    /** For who does not want to know. */
    TlsEvents NONE = new TlsEvents() {
        @Override
        public void renewed(String file) {}

        @Override
        public void failed(String file, String reason) {}
    };

    /** What the file holds now is used from the next handshake on. */
    void renewed(String file);

    /**
     * The file, or one that belongs to it, cannot be used; what it held before goes on being used. Once for each change.
     *
     * @param reason never what the file holds
     */
    void failed(String file, String reason);
}

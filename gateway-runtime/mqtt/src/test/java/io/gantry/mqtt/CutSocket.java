// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** A socket that cuts the first record of TLS that is written to it, a ClientHello, into the smallest pieces there are. */
final class CutSocket extends Socket {
    private static final int HEADER = 5;

    private final Cut cut;
    private int pieces;

    /** What it is cut into. */
    enum Cut {
        /** Of TCP, of one byte each. */
        SEGMENTS,
        /** Of TLS, with one byte of the ClientHello each. */
        RECORDS
    }

    CutSocket(Cut cut) {
        this.cut = cut;
    }

    /** Into how many it has been cut. */
    int pieces() {
        return pieces;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            private boolean begun;

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                if (begun) {
                    out.write(bytes, from, length);
                    return;
                }
                begun = true;
                for (int i = from + (cut == Cut.RECORDS ? HEADER : 0); i < from + length; i++) {
                    out.write(
                            cut == Cut.SEGMENTS
                                    ? new byte[] {bytes[i]}
                                    : new byte[] {bytes[from], bytes[from + 1], bytes[from + 2], 0, 1, bytes[i]});
                    pieces++;
                }
            }
        };
    }
}

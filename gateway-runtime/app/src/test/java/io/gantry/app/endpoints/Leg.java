// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import io.gantry.admin.AdminException;
import io.gantry.app.restart.Progress;
import java.util.List;
import java.util.concurrent.Callable;

/** One way through one connector. */
interface Leg {

    /**
     * What sends this way until it is told to finish and all of it is confirmed.
     *
     * @param progress tells whether the gateway is up, and when to finish
     * @param withPoison whether now and then a message is among it that can never be delivered
     */
    List<Callable<Void>> senders(Progress progress, Sendings sendings, boolean withPoison);

    /** What has arrived at the end of the way since the beginning, in the order in which it did for each device. */
    List<Numbered> arrived() throws Exception;

    /** What the gateway says of this way. */
    Books books() throws AdminException;
}

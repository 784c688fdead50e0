// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Random;

/** What an HTTP target answers. Called by one thread at a time. */
@FunctionalInterface
interface HttpScript {
    HttpAnswer answer(HttpRequest request);

    static HttpScript always(HttpAnswer answer) {
        return request -> answer;
    }

    /** Mostly takes what comes, and now and then answers one of the others. */
    static HttpScript mostlyOk(long seed, List<HttpAnswer> others) {
        Random random = new Random(seed);
        return request -> random.nextInt(10) > 0 ? HttpAnswer.OK : others.get(random.nextInt(others.size()));
    }

    /** Takes only messages that are as they were published; others were damaged on their way and should come again. */
    default HttpScript refusingDamaged() {
        return request -> Stamp.readFrom(request.body().getBytes(ISO_8859_1))
                        .filter(stamp -> stamp.payload().equals(request.body()))
                        .isPresent()
                ? answer(request)
                : HttpAnswer.status(500);
    }
}

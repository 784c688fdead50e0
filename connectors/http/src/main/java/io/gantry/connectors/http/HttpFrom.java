// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;

/** What a route's {@code from} would want of HTTP: always refused, because nothing listens for HTTP requests yet. */
@Description("Not supported by this version: a route can end at an HTTP endpoint, and cannot start there.")
public record HttpFrom(
        @Description("Not supported by this version.") String path) {

    public HttpFrom {
        throw new InvalidSettingException("a route that starts at an http endpoint is not supported by this version");
    }
}

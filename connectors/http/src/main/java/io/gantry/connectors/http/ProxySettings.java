// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/** An HTTP proxy between the gateway and a service. */
@Description("An HTTP proxy on the way to the service. To `https` it is asked for a tunnel; the certificate is checked"
        + " through it.")
public record ProxySettings(
        @Description("Where the proxy is, as `http://host:port`.")
        String url,

        @Description("User name for basic authentication at the proxy; never sent to the service.") @Nullable String username,

        @Description("Password for basic authentication at the proxy.") @Nullable Secret password) {

    public ProxySettings {
        TargetUrl proxy = TargetUrl.parse("url", url);
        if (!proxy.prefix().equals("http://" + proxy.host() + ":" + proxy.port())) {
            throw new InvalidSettingException("url", "must be a proxy such as http://proxy.example:3128");
        }
        Basic.check(username, password);
    }

    HttpHost host() {
        TargetUrl proxy = TargetUrl.parse("url", url);
        return new HttpHost("http", proxy.host(), proxy.port());
    }
}

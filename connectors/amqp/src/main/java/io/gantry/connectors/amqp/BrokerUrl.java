// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.settings.InvalidSettingException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where one broker is. Options have keys of their own: none are taken from the text. */
record BrokerUrl(boolean isSecure, String host, int port) {
    private static final int PLAIN_PORT = 5_672;
    private static final int TLS_PORT = 5_671;
    private static final Pattern FORM =
            Pattern.compile("(amqps?)://([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::(\\d{1,5}))?/?");

    static BrokerUrl parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            // What stands there may contain a password.
            throw new InvalidSettingException(
                    "url",
                    "must be amqp://host:port or amqps://host:port, without user, path and options: those have keys of"
                            + " their own");
        }
        boolean secure = form.group(1).equals("amqps");
        String digits = form.group(3);
        int port = digits == null ? (secure ? TLS_PORT : PLAIN_PORT) : Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw new InvalidSettingException("url", "must have a port of 1 to 65535, was " + port);
        }
        return new BrokerUrl(secure, form.group(2), port);
    }

    @Override
    public String toString() {
        return (isSecure ? "amqps://" : "amqp://") + host + ":" + port;
    }
}

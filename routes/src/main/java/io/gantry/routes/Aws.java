// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What Amazon's services have in common. */
final class Aws {
    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]{2,12}){1,3}-[0-9]{1,2}");
    private static final Pattern ACCESS_KEY = Pattern.compile("[A-Za-z0-9_]{3,128}");
    private static final Pattern URL = Pattern.compile("https?://[A-Za-z0-9.:\\[\\]-]{1,255}");

    private Aws() {}

    static void check(Map<String, Object> given) {
        CloudService.require(given, "region", REGION, "an AWS region such as eu-west-1");
        CloudService.require(given, "access-key", ACCESS_KEY, "an access key id: 3 to 128 letters and digits");
        CloudService.require(given, "url", URL, "https://host:port");
    }

    static Map<String, Object> options(CamelEndpointSettings settings) {
        Map<String, Object> options = new HashMap<>();
        options.put("region", settings.region());
        if (settings.secretKey() == null) {
            options.put("useDefaultCredentialsProvider", true);
        } else {
            options.put("accessKey", settings.accessKey());
            options.put("secretKey", settings.secretKey().reveal());
        }
        if (settings.url() != null) {
            options.put("overrideEndpoint", true);
            options.put("uriEndpointOverride", settings.url());
        }
        return options;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code camel:} of an endpoint: a cloud service that is reached through a Camel component. */
@Description("A Camel component. With a preset, a cloud service: its component is not part of Gantry and belongs into"
        + " `lib/`; an error names its Maven coordinates. Without one, each route gives a whole URI.")
public record CamelEndpointSettings(
        @Description("Which cloud service: `aws-sqs`, `aws-kinesis` or `google-pubsub`. docs/clouds.md says what each"
                + " needs and takes.")
        @Nullable CamelPreset preset,

        @Description("AWS: the region, such as `eu-west-1`.") @Nullable String region,

        @Description("aws-sqs: the twelve digits of the account that owns the queues.") @Nullable String account,

        @Description("AWS: access key id. Left out together with secret-key, the machine's own credentials are used:"
                + " environment, profile, or the role of the instance.")
        @Nullable String accessKey,

        @Description("AWS: secret access key.") @Nullable Secret secretKey,

        @Description("AWS: another service with the same interface, as `https://host:port`, in place of the region's"
                + " own.")
        @Nullable String url,

        @Description("google-pubsub: id of the project.") @Nullable String project,

        @Description("google-pubsub: JSON file with the key of a service account. Left out, the machine's own"
                + " credentials are used.")
        @Nullable String serviceAccount,

        @Description("Messages under way to it at once, each on a thread of its own; 1 to 1000. Up to 1000 more wait"
                + " for them, further ones are unavailable.")
        @DefaultValue("20")
        int maxInFlight) {

    private static final int MOST_IN_FLIGHT = 1_000;

    public CamelEndpointSettings {
        if (maxInFlight < 1 || maxInFlight > MOST_IN_FLIGHT) {
            throw new InvalidSettingException(
                    "max-in-flight", "must be 1 to " + MOST_IN_FLIGHT + ", was " + maxInFlight);
        }
        Map<String, Object> given = given(region, account, accessKey, secretKey, url, project, serviceAccount);
        CloudService service = preset == null ? null : preset.service();
        Set<String> takes = service == null ? Set.of() : service.takes();
        for (String key : given.keySet()) {
            if (!takes.contains(key)) {
                throw new InvalidSettingException(
                        key, preset == null ? "needs a preset" : "has no meaning with preset " + preset);
            }
        }
        for (String key : service == null ? Set.<String>of() : service.needs()) {
            if (!given.containsKey(key)) {
                throw new InvalidSettingException(key, "must be given with preset " + preset);
            }
        }
        if ((accessKey == null) != (secretKey == null)) {
            throw new InvalidSettingException(
                    accessKey == null ? "access-key" : "secret-key",
                    "must be given together with " + (accessKey == null ? "secret-key" : "access-key"));
        }
        if (service != null) {
            service.check(given);
        }
    }

    /** No preset: the routes give URIs. */
    public static CamelEndpointSettings plain() {
        return new CamelEndpointSettings(null, null, null, null, null, null, null, null, 20);
    }

    private static Map<String, Object> given(
            @Nullable String region,
            @Nullable String account,
            @Nullable String accessKey,
            @Nullable Secret secretKey,
            @Nullable String url,
            @Nullable String project,
            @Nullable String serviceAccount) {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("region", region);
        given.put("account", account);
        given.put("access-key", accessKey);
        given.put("secret-key", secretKey);
        given.put("url", url);
        given.put("project", project);
        given.put("service-account", serviceAccount);
        given.values().removeIf(value -> value == null);
        return given;
    }
}

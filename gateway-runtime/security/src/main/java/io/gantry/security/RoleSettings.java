// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import java.util.List;

/** One entry under {@code security.roles}. */
@Description(
        "What those with a role may do. Nothing is allowed that no rule allows; what one rule denies, no other allows."
                + " A Topic Filter may have `{client}`, `{username}`, `{cn}` and `{claim.NAME}`, each of which stands for what the"
                + " device is called, as text: a rule whose variable has no value, or one with `/`, `+` or `#`, applies to nobody.")
public record RoleSettings(
        @Description("Topic Filters of topics to which may be published.") @DefaultValue("[]")
        List<RuleFilter> publish,

        @Description("Topic Filters of topics that may be subscribed to; a subscription must be within one of them.")
        @DefaultValue("[]")
        List<RuleFilter> subscribe,

        @Description("Topic Filters of topics to which may not be published, whatever another rule allows.")
        @DefaultValue("[]")
        List<RuleFilter> denyPublish,

        @Description("Topic Filters of topics whose messages are not received, whatever another rule allows.")
        @DefaultValue("[]")
        List<RuleFilter> denySubscribe) {

    public RoleSettings {
        publish = List.copyOf(publish);
        subscribe = List.copyOf(subscribe);
        denyPublish = List.copyOf(denyPublish);
        denySubscribe = List.copyOf(denySubscribe);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.store;

import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;

/**
 * A session's subscription as it is stored.
 *
 * @param id its Subscription Identifier; 0 when there is none
 */
public record StoredSubscription(
        TopicFilter filter, Qos maximumQos, boolean noLocal, boolean retainAsPublished, int id) {}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The devices that are not let in, as the admin port shows and changes them. Any thread; nothing here waits. */
public interface Bans {

    /** What a ban goes by. */
    enum Kind {
        ADDRESS("address"),
        CLIENT_ID("clientId"),
        CLIENT_AT_ADDRESS("clientAtAddress"),
        USERNAME("username");

        private final String key;

        Kind(String key) {
            this.key = key;
        }

        /** As it is called in requests and answers. */
        String key() {
            return key;
        }
    }

    /**
     * One of them.
     *
     * @param value an address in digits, a Client Identifier, both as in {@code sensor-7@10.0.0.7}, or a user name
     * @param until null for one that ends when it is removed
     * @param automatic whether the gateway made it
     */
    record Ban(
            Kind kind,
            String value,
            Instant since,
            @Nullable Instant until,
            boolean automatic) {

        JsonObject toJson() {
            return new JsonObject()
                    .put(kind.key(), value)
                    .put("since", since.toString())
                    .put("until", until == null ? null : until.toString())
                    .put("automatic", automatic);
        }

        static Ban from(JsonObject json) {
            for (Kind kind : Kind.values()) {
                String value = json.getString(kind.key());
                if (value != null) {
                    String until = json.getString("until");
                    return new Ban(
                            kind,
                            value,
                            Instant.parse(json.getString("since")),
                            until == null ? null : Instant.parse(until),
                            json.getBoolean("automatic"));
                }
            }
            throw new ClassCastException("no ban");
        }
    }

    /** Those that hold now, the latest first. */
    List<Ban> list();

    /**
     * Bans somebody; whoever of that address or name is connected is disconnected.
     *
     * @param until null for until it is removed
     * @throws IllegalArgumentException when the value is none of its kind, with a text that says what was expected
     * @throws IllegalStateException when there are as many bans as there may be
     */
    void add(Kind kind, String value, @Nullable Instant until);

    /**
     * Ends a ban; false when there was none.
     *
     * @throws IllegalArgumentException as {@link #add}
     */
    boolean remove(Kind kind, String value);
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.Bans;
import io.gantry.mqtt.BanList;
import io.gantry.mqtt.BanList.Subject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The MQTT server's ban list as the admin port shows and changes it. */
final class DeviceBans implements Bans {
    private final BanList list;

    DeviceBans(BanList list) {
        this.list = list;
    }

    @Override
    public List<Ban> list() {
        return list.list().stream()
                .map(ban -> new Ban(
                        Kind.valueOf(ban.subject().kind().name()),
                        ban.subject().value(),
                        Instant.ofEpochMilli(ban.sinceMillis()),
                        ban.untilMillis() == BanList.Ban.WITHOUT_END ? null : Instant.ofEpochMilli(ban.untilMillis()),
                        ban.automatic()))
                .toList();
    }

    @Override
    public void add(Kind kind, String value, @Nullable Instant until) {
        list.add(subject(kind, value), until == null ? BanList.Ban.WITHOUT_END : until.toEpochMilli());
    }

    @Override
    public boolean remove(Kind kind, String value) {
        return list.remove(subject(kind, value));
    }

    private static Subject subject(Kind kind, String value) {
        return new Subject(BanList.Kind.valueOf(kind.name()), value);
    }
}

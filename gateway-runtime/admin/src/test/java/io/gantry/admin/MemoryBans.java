// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bans in a list, three at most; an address is none without a dot. */
final class MemoryBans implements Bans {
    static final Instant SINCE = Instant.parse("2026-11-22T01:02:03Z");
    private static final int MOST = 3;

    private final List<Ban> bans = Collections.synchronizedList(new ArrayList<>());

    @Override
    public List<Ban> list() {
        return List.copyOf(bans);
    }

    @Override
    public void add(Kind kind, String value, @Nullable Instant until) {
        check(kind, value);
        if (bans.size() == MOST) {
            throw new IllegalStateException("as many bans as there may be: " + MOST);
        }
        bans.add(new Ban(kind, value, SINCE, until, false));
    }

    @Override
    public boolean remove(Kind kind, String value) {
        check(kind, value);
        return bans.removeIf(ban -> ban.kind() == kind && ban.value().equals(value));
    }

    private static void check(Kind kind, String value) {
        if (kind == Kind.ADDRESS && !value.contains(".")) {
            throw new IllegalArgumentException("must be an IP address");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.security.Identity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who somebody is, as bytes, without the end of his proof: it says whose something is, and proves nothing. */
final class IdentityCodec {
    private IdentityCodec() {}

    static void write(Identity identity, ByteWriter to) {
        to.optionalText(identity.username());
        to.varint(identity.roles().size());
        identity.roles().forEach(to::text);
        to.varint(identity.attributes().size());
        identity.attributes().forEach((name, value) -> to.text(name).text(value));
    }

    static Identity read(ByteReader from) {
        String username = from.optionalText();
        Set<String> roles = new HashSet<>();
        for (int i = from.count(); i > 0; i--) {
            roles.add(from.text());
        }
        Map<String, String> attributes = new HashMap<>();
        for (int i = from.count(); i > 0; i--) {
            attributes.put(from.text(), from.text());
        }
        return new Identity(username, roles, attributes, Identity.WITHOUT_END);
    }
}

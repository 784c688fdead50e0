// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Users of a file")
class ChangedUsersTest {
    private static final Map<String, User<String>> BOTH = Map.of("ann", user("ann", "1"), "bob", user("bob", "1"));

    private final ChangedUsers<String> users = new ChangedUsers<>(BOTH);

    private static User<String> user(String name, String proof, String... roles) {
        return new User<>(name, proof, Set.of(roles));
    }

    @Test
    @DisplayName("have changed when they are gone, or have another proof or other roles, at the second look and once")
    void changed() {
        Map<String, User<String>> later = Map.of("ann", user("ann", "2"), "bob", user("bob", "1", "admin"));

        assertThat(users.look(BOTH)).isEmpty();
        assertThat(users.look(later)).isEmpty();
        assertThat(users.look(later)).containsExactly("ann", "bob");
        assertThat(users.look(later)).isEmpty();
        assertThat(users.look(Map.of())).isEmpty();
        assertThat(users.look(Map.of())).containsExactly("ann", "bob");
    }

    @Test
    @DisplayName("have not when the file was seen half written")
    void halfWritten() {
        Map<String, User<String>> half = Map.of("ann", user("ann", "1"));
        Map<String, User<String>> same = Map.copyOf(Map.of("ann", user("ann", "1"), "bob", user("bob", "1")));

        assertThat(users.look(half)).isEmpty();
        assertThat(users.look(same)).isEmpty();
        assertThat(users.look(same)).isEmpty();
    }

    @Test
    @DisplayName("have when they were there for one look alone")
    void brief() {
        Map<String, User<String>> third = Map.of("eve", user("eve", "1"));

        users.look(third);
        users.look(BOTH);

        assertThat(users.look(BOTH)).containsExactly("eve");
    }
}

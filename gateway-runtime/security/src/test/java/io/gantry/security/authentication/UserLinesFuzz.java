// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Input: the file of users. */
@DisplayName("Any bytes as a password file")
class UserLinesFuzz {

    static Stream<Arguments> seeds() {
        return Stream.of(
                        "# x\n\nanna:$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4:a,b",
                        "bert:$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\r\n",
                        "u:SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
                                + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=:r\n",
                        "a:$argon2id$v=19$m=9999999,t=9999,p=999$AAAA$AAAA",
                        "a:\u0000:b",
                        "::::\n:")
                .map(text -> arguments(named(
                        text.length() + " characters, " + Integer.toHexString(text.hashCode()),
                        text.getBytes(StandardCharsets.UTF_8))));
    }

    @DisplayName("is users that read the same when written again, or is refused at a line")
    @MethodSource("seeds")
    @FuzzTest
    void reading(byte[] input) {
        try {
            Map<String, User<PasswordHash>> users = UserLines.passwords("users", input);
            for (User<PasswordHash> user : users.values()) {
                String line = user.line(user.proof().text());
                assertThat(UserLines.passwords("again", line.getBytes(StandardCharsets.UTF_8))
                                .get(user.name()))
                        .returns(user.roles(), User::roles)
                        .satisfies(again -> assertThat(again.proof().text())
                                .isEqualTo(user.proof().text()));
            }
        } catch (InvalidFileException refused) {
            assertThat(refused).hasMessageMatching("(?s)users:(\\d+:)? .*");
        }
        try {
            ScramMethod.users("users", input).values().forEach(user -> assertThat(
                            ScramKeys.parse(user.proof().text()))
                    .isEqualTo(user.proof()));
        } catch (InvalidFileException refused) {
            assertThat(refused).hasMessageMatching("(?s)users:(\\d+:)? .*");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The filter of an access rule")
class RuleFilterTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a/#/b | is not a Topic Filter",
                "a+/b | is not a Topic Filter",
                "$share/g/a | is not a Topic Filter",
                "'' | is not a Topic Filter",
                "a/{clientid} | has an unknown variable {clientid}, expected {client}, {username}, {cn} or {claim.NAME}",
                "a/{claim.}/b | has an unknown variable {claim.}",
                "a/{} | has an unknown variable {}",
                "a/{client | has a brace that belongs to no variable",
                "a/client} | has a brace that belongs to no variable",
                "a/+{client} | has a variable and a wildcard in one level",
                "a/{client}# | has a variable and a wildcard in one level",
                "$dev-{client}/x | has a variable in a first level that begins with $"
            })
    @DisplayName("is refused with what is wrong about it")
    void refused(String text, String complaint) {
        assertThatThrownBy(() -> RuleFilter.fromText(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' " + complaint);
    }

    @Test
    @DisplayName("has the shape of a Topic Filter with + for what is filled in, and names its variables")
    void shape() {
        RuleFilter filter = RuleFilter.fromText("$SYS/{client}/x-{claim.site}-{cn}/+/#");

        assertThat(filter.shape().value()).isEqualTo("$SYS/+/+/+/#");
        assertThat(filter.variables()).containsExactly("client", "claim.site", "cn");
        assertThat(filter).hasToString("$SYS/{client}/x-{claim.site}-{cn}/+/#");
    }
}

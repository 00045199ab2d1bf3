package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules as users write them at run time. */
class RetentionRulesTest {

    @Test
    void rulesAreReadAsTheyAreWritten() {
        RetentionRules rules = new RetentionRules(3, null, 4, 36_500, null);

        assertThat(rules.toJson())
                .isEqualTo(
                        "{\"keep_last\":3,\"keep_daily\":null,\"keep_weekly\":4,\"keep_monthly\":36500,\"keep_days\":null}");
        assertThat(RetentionRules.fromJson(rules.toJson())).isEqualTo(rules);
        assertThat(RetentionRules.fromJson("{\"keep_days\": 30}"))
                .isEqualTo(new RetentionRules(null, null, null, null, 30));
        assertThat(RetentionRules.fromJson("{}").keepsAll()).isTrue();
        assertThat(rules.keepsAll()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                         | isn't valid JSON",
                "{} {}                     | isn't valid JSON",
                "{'keep_last':1,'keep_last':9} | isn't valid JSON",
                "null                      | must be an object",
                "[7]                       | must be an object",
                "7                         | must be an object",
                "{'keep_dayly':7}          | Known rules: keep_last, keep_daily, keep_weekly, keep_monthly, keep_days.",
                "{'keep_daily':0}          | keep_daily must be null or a whole number from 1 to 36500.",
                "{'keep_daily':-1}         | keep_daily must be",
                "{'keep_daily':36501}      | keep_daily must be",
                "{'keep_daily':7.5}        | keep_daily must be",
                "{'keep_daily':'7'}        | keep_daily must be",
                "{'keep_daily':true}       | keep_daily must be",
                "{'keep_daily':99999999999} | keep_daily must be",
            })
    void whatIsUnclearIsRefused(String json, String words) {
        String text = json.replace("'", "\"").strip();

        assertThatThrownBy(() -> RetentionRules.fromJson(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }
}

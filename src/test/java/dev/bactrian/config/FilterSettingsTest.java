package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.problem.ConfigurationException;
import dev.bactrian.selection.Rule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which filters hold for which database; a wrong one ends the start. */
class FilterSettingsTest {

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "DATABASE_URL", "postgresql://u:p@h/shop",
            "DATABASE_URL_PROD", "postgresql://u:p@h/prod"));

    @Test
    void withoutSettingsNothingIsFiltered() {
        assertThat(rules("default")).isEmpty();
        assertThat(rules("prod")).isEmpty();
    }

    @Test
    void theSettingOfADatabaseTakesTheGeneralOnesPlace() {
        environment.put("BACKUP_INCLUDE_SCHEMAS", "a, \"B,c\"");
        environment.put("BACKUP_EXCLUDE_TABLES", "a.x");
        environment.put("BACKUP_EXCLUDE_TABLES_PROD", "b.*");
        environment.put("BACKUP_EXCLUDE_TABLE_DATA_default", "a.log");

        assertThat(rules("default"))
                .containsExactly(
                        "BACKUP_INCLUDE_SCHEMAS: a",
                        "BACKUP_INCLUDE_SCHEMAS: \"B,c\"",
                        "BACKUP_EXCLUDE_TABLES: a.x",
                        "BACKUP_EXCLUDE_TABLE_DATA_default: a.log");
        assertThat(rules("prod"))
                .containsExactly(
                        "BACKUP_INCLUDE_SCHEMAS: a",
                        "BACKUP_INCLUDE_SCHEMAS: \"B,c\"",
                        "BACKUP_EXCLUDE_TABLES_PROD: b.*");
    }

    @Test
    void aLoneCommaTakesTheGeneralOneAway() {
        environment.put("BACKUP_EXCLUDE_SCHEMAS", "a");
        environment.put("BACKUP_EXCLUDE_SCHEMAS_PROD", ",");

        assertThat(rules("prod")).isEmpty();
        assertThat(rules("default")).hasSize(1);
    }

    @Test
    void everythingWrongIsToldOnce() {
        environment.put("BACKUP_EXCLUDE_SCHEMAS", "a.b");
        environment.put("BACKUP_EXCLUDE_TABLES_PRDO", "a.b");
        environment.put("BACKUP_EXCLUDE_TABLE_DATA_PROD", "\"open");

        assertThatThrownBy(() -> rules("prod"))
                .isInstanceOfSatisfying(ConfigurationException.class, failure -> assertThat(failure.errors())
                        .hasSize(3)
                        .anyMatch(error -> error.startsWith("BACKUP_EXCLUDE_SCHEMAS can't be used. The pattern a.b "))
                        .anyMatch(error -> error.startsWith("BACKUP_EXCLUDE_TABLE_DATA_PROD can't be used."))
                        .contains("BACKUP_EXCLUDE_TABLES_PRDO names a database that isn't configured. It must end in "
                                + "one of: DEFAULT, PROD."));
    }

    private List<String> rules(String database) {
        return new SettingsReader(SettingSource.of(environment), false)
                .read(false).databases().get(database).filters().rules().stream()
                        .map(Rule::why)
                        .toList();
    }
}

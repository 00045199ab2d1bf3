package dev.bactrian.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters are counted as the driver counts them. */
class CountedParametersTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "SELECT 1, 0",
                "SELECT ?::int AS a WHERE b = ?, 2",
                "SELECT '?' AS \"?\" /* ? */ WHERE c = ? -- ?, 1",
                "SELECT $$ ? $$ ?? 'a', 0"
            })
    void onlyTrueOnesCount(String sql, int count) throws SQLException {
        assertThat(CountedParameters.count(sql)).isEqualTo(count);
    }

    @Test
    void theFilesOfRoutesCanBeCounted() throws Exception {
        assertThat(CountedParameters.count(Files.readString(Path.of("sql/backup/detect-tables.sql"))))
                .isZero();
    }
}

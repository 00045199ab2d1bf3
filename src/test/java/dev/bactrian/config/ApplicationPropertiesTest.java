package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** config/application.properties is where people look settings up: each with its meaning, and secrets marked. */
class ApplicationPropertiesTest {

    private static final Path FILE = Path.of("config/application.properties");

    @ParameterizedTest
    @EnumSource
    void everySettingSaysWhatItMeansAndWhetherItIsASecret(SettingName name) throws IOException {
        List<String> lines = Files.readAllLines(FILE);
        int at = 0;
        while (!lines.get(at).startsWith("#" + name + "=")) {
            at++;
        }
        // The paragraph above it.
        int begin = at;
        while (lines.get(begin - 1).startsWith("# ")) {
            begin--;
        }
        assertThat(begin).as("lines that tell the meaning of %s", name).isLessThan(at);
        assertThat(lines.get(begin)).hasSizeGreaterThan(20);
        assertThat(lines.get(begin).startsWith("# [secret] "))
                .as(lines.get(begin))
                .isEqualTo(name.secret());
    }
}

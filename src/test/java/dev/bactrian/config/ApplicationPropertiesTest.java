package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** config/application.properties is where people look settings up: it must tell of each what the program does. */
class ApplicationPropertiesTest {

    private static final Path FILE = Path.of("config/application.properties");

    @ParameterizedTest
    @EnumSource
    void everySettingStandsThereWithItsDefaultAndItsMeaning(SettingName name) throws IOException {
        List<String> lines = Files.readAllLines(FILE);
        int at = lines.indexOf("#" + name + "=" + Objects.requireNonNullElse(name.defaultValue(), ""));

        assertThat(at).as("the line of %s with its default", name).isPositive();
        String meaning = lines.get(at - 1);
        assertThat(meaning).startsWith("# ").hasSizeGreaterThan(20);
        assertThat(meaning.startsWith("# [secret] ")).as(meaning).isEqualTo(name.secret());
    }

    @Test
    void everySettingThatStandsThereIsRead() throws IOException {
        assertThat(Files.readAllLines(FILE).stream()
                        .filter(line -> line.matches("#?[A-Z0-9_]+=.*"))
                        .map(line -> line.replaceAll("^#|=.*", ""))
                        .collect(Collectors.toSet()))
                .isEqualTo(Arrays.stream(SettingName.values()).map(Enum::name).collect(Collectors.toSet()));
    }

    /** As it is shipped it must not decide anything. */
    @Test
    void nothingIsSetInTheFileAsShipped() throws IOException {
        SettingSource source = SettingSource.of(Map.of(), FILE);

        for (SettingName name : SettingName.values()) {
            assertThat(source.get(name.name())).as(name.name()).isEqualTo(Optional.empty());
        }
    }
}

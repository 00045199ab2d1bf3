package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of several places a setting is taken from, and secrets that come as files. */
class SettingSourceTest {

    @TempDir
    private Path folder;

    @Test
    void theEnvironmentWinsOverTheFile() throws IOException {
        SettingSource source = source("S3_BUCKET=from-file\nS3_REGION=eu-west-1", Map.of("S3_BUCKET", "from-env"));

        assertThat(source.get("S3_BUCKET")).contains("from-env");
        assertThat(source.get("S3_REGION")).contains("eu-west-1");
    }

    /** Compose files pass variables on that nobody has set: as empty ones. */
    @Test
    void aBlankVariableDoesNotHideTheFile() throws IOException {
        SettingSource source = source("S3_BUCKET=from-file", Map.of("S3_BUCKET", "  "));

        assertThat(source.get("S3_BUCKET")).contains("from-file");
    }

    @Test
    void aBlankValueInTheFileIsNotSet() throws IOException {
        SettingSource source = source("S3_BUCKET=\nDATABASE_URL_PROD=   ", Map.of());

        assertThat(source.get("S3_BUCKET")).isEmpty();
        assertThat(source.namesStartingWith("DATABASE_URL_")).isEmpty();
    }

    @Test
    void aMissingFileIsNoError() {
        assertThat(SettingSource.of(Map.of(), folder.resolve("none")).get("S3_BUCKET"))
                .isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsAnErrorAndNotAnEmptyConfiguration() {
        assertThatThrownBy(() -> SettingSource.of(Map.of(), folder)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void spacesAroundAValueAreNotPartOfIt() throws IOException {
        assertThat(source("", Map.of("S3_BUCKET", " archives \n")).get("S3_BUCKET"))
                .contains("archives");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret", "s3cret\n", "s3cret\r\n"})
    void aLineBreakAtTheEndOfASecretsFileIsNotPartOfTheSecret(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), content);

        assertThat(source("", Map.of("BACKUP_API_KEY_FILE", file.toString())).secret("BACKUP_API_KEY"))
                .contains("s3cret");
    }

    @Test
    void anEmptySecretsFileIsNotASecret() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "\n");

        assertThat(source("", Map.of("BACKUP_API_KEY_FILE", file.toString())).secret("BACKUP_API_KEY"))
                .isEmpty();
    }

    @Test
    void aSecretGivenTwiceIsRefusedWithoutShowingEither() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "hidden-in-file");
        SettingSource source =
                source("", Map.of("BACKUP_API_KEY_FILE", file.toString(), "BACKUP_API_KEY", "hidden-in-env"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.secret("BACKUP_API_KEY"))
                .withMessageContainingAll("BACKUP_API_KEY_FILE", "Keep one of the two")
                .withMessageNotContaining("hidden");
    }

    /** The file may say one thing and the environment the other: still two. */
    @Test
    void aSecretInTheFileBesideASecretsFileInTheEnvironmentIsGivenTwice() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "hidden");
        SettingSource source = source("BACKUP_API_KEY=hidden-too", Map.of("BACKUP_API_KEY_FILE", file.toString()));

        assertThatIllegalArgumentException().isThrownBy(() -> source.secret("BACKUP_API_KEY"));
    }

    @Test
    void aSecretsFileThatCannotBeReadIsNamed() throws IOException {
        Path missing = folder.resolve("none");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC3, 0x28});
        for (Path file : new Path[] {missing, folder, binary}) {
            SettingSource source = source("", Map.of("BACKUP_API_KEY_FILE", file.toString()));

            assertThatIllegalArgumentException()
                    .as(file.toString())
                    .isThrownBy(() -> source.secret("BACKUP_API_KEY"))
                    .withMessageContainingAll(file.toString(), "Check that it exists");
        }
    }

    @Test
    void aSecretsFileWithANameThatNoFileCanHaveIsAnErrorOfThatSetting() {
        SettingSource source = SettingSource.of(Map.of("BACKUP_API_KEY_FILE", "a\0b"), folder.resolve("none"));

        assertThatIllegalArgumentException().isThrownBy(() -> source.secret("BACKUP_API_KEY"));
    }

    @Test
    void namesAreFoundOnceWhetherTheyComeAsValuesOrFiles() throws IOException {
        SettingSource source = source(
                "DATABASE_URL_A=x",
                Map.of("DATABASE_URL_B_FILE", "/b", "DATABASE_URL_A_FILE", "/a", "DATABASE_URL", "plain"));

        assertThat(source.namesStartingWith("DATABASE_URL_")).containsExactly("DATABASE_URL_A", "DATABASE_URL_B");
    }

    private SettingSource source(String file, Map<String, String> environment) throws IOException {
        Path properties = Files.writeString(folder.resolve("application.properties"), file);
        return SettingSource.of(environment, properties);
    }
}

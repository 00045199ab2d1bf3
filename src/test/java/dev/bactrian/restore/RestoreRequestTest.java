package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.restore.RestoreRequest.Option;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which options for parts of a Supabase project go together. */
class RestoreRequestTest {

    private static RestoreRequest request(List<String> tables, StoredFiles files, Option... options) {
        return new RestoreRequest(
                UUID.randomUUID(), "latest", "target", null, List.of(), tables, null, files, Set.of(options));
    }

    private static StoredFiles objects(String... objects) {
        return new StoredFiles(List.of(), List.of(objects));
    }

    @Test
    void usersAreRowsAlone() {
        RestoreRequest request = request(List.of(), StoredFiles.ALL, Option.AUTH_ONLY);

        assertThat(request.is(Option.DATA_ONLY)).isTrue();
        assertThat(request.isEverything()).isFalse();
    }

    @Test
    void aBucketMeansStorageAlone() {
        RestoreRequest request = request(List.of(), new StoredFiles(List.of("avatars"), List.of()));

        assertThat(request.options()).containsExactlyInAnyOrder(Option.STORAGE_ONLY, Option.DATA_ONLY);
        assertThat(request.files().contains("avatars", "a.png")).isTrue();
        assertThat(request.files().contains("documents", "a.png")).isFalse();
    }

    @Test
    void anObjectIsNamedWithItsBucket() {
        assertThat(objects("avatars/a/b.png").contains("avatars", "a/b.png")).isTrue();
        for (String wrong : List.of("a.png", "/a.png", "avatars/")) {
            assertThatThrownBy(() -> objects(wrong))
                    .hasMessageContaining("Name an object with its bucket, such as avatars/folder/file.png; " + wrong);
        }
        assertThatThrownBy(() -> new StoredFiles(List.of("a/b"), List.of())).hasMessageContaining("no slash");
    }

    @Test
    void aNamesQuotesStayText() {
        assertThat(new StoredFiles(List.of("it's"), List.of("b/\\o'")).condition(false))
                .isEqualTo("(saved.bucket_id IN ('it''s') OR saved.bucket_id || '/' || saved.name IN ('b/\\o'''))");
    }

    @Test
    void whatContradictsItselfIsRefused() {
        assertThatThrownBy(() -> request(List.of(), objects("b/o"), Option.AUTH_ONLY))
                .hasMessageContaining("Restore one after the other");
        assertThatThrownBy(() -> request(List.of("auth.users"), StoredFiles.ALL, Option.AUTH_ONLY))
                .hasMessageContaining("Remove schema, table");
        assertThatThrownBy(() -> request(List.of(), StoredFiles.ALL, Option.AUTH_ONLY, Option.SCHEMA_ONLY))
                .hasMessageContaining("restore rows and files");
        assertThatThrownBy(() -> request(List.of(), StoredFiles.ALL, Option.STORAGE_ONLY, Option.TRUNCATE))
                .hasMessageContaining("Remove truncate");
    }
}

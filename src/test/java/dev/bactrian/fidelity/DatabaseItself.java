package dev.bactrian.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code whole/10-database.sql}. */
interface DatabaseItself extends Whole {

    @Test
    default void ownerGrantsCommentLimitAndLocaleComeBack() {
        whole().comesBack(
                        "SELECT datdba::regrole::text, datconnlimit, encoding, datcollate, datctype, datlocprovider::text,"
                                + " shobj_description(oid, 'pg_database'),"
                                + " (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(datacl) a)::text"
                                + " FROM pg_database WHERE datname = current_database()");
    }

    @Test
    default void settingsComeBack() {
        whole().comesBack(
                        "SELECT setrole::regrole::text, (SELECT array_agg(c ORDER BY c) FROM unnest(setconfig) c)::text"
                                + " FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE datname = current_database()"
                                + " ORDER BY 1");
    }

    @Test
    default void theManifestHasTheirNamesAndNoSecret() {
        assertThat(whole().manifest().path("database").path("owner").asText()).isEqualTo("fidelity_database");
        assertThat(whole().manifest().path("database").toString())
                .contains("app.key")
                .doesNotContain("fidelity-secret");
    }
}

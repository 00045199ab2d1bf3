package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.EveryKind;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.UnpackedArchive;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An archive holds everything that a full pg_dump holds: a database with every kind of object, restored by README.txt on
 * a new server, is the same.
 */
class RoundTripIT {

    private static final String SEQUENCES =
            "SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 1, 2";

    /** With what pg_dump gives a large object: content, owner, grants, comment. */
    private static final String LARGE_OBJECTS =
            """
            SELECT oid, md5(lo_get(oid)), lomowner::regrole::text AS owner, obj_description(oid, 'pg_largeobject') AS comment,
                   ARRAY(SELECT a::text FROM unnest(coalesce(lomacl, acldefault('L', lomowner))) a ORDER BY 1)::text AS grants
              FROM pg_largeobject_metadata ORDER BY oid""";

    private static final String ROLES =
            """
            SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,
                   rolconnlimit, rolpassword, rolvaliduntil::text, shobj_description(a.oid, 'pg_authid') AS comment,
                   (SELECT setconfig::text FROM pg_db_role_setting s WHERE s.setrole = a.oid AND s.setdatabase = 0) AS settings,
                   ARRAY(SELECT roleid::regrole || ' ' || admin_option FROM pg_auth_members m
                          WHERE m.member = a.oid ORDER BY 1)::text AS memberships
              FROM pg_authid a WHERE rolname LIKE 'rt\\_%' OR rolname LIKE 'rt %' ORDER BY 1""";

    private static final String MATERIALIZED_VIEWS =
            """
            SELECT c.oid::regclass::text AS name, relispopulated,
                   CASE WHEN relispopulated THEN query_to_xml('SELECT * FROM ' || c.oid::regclass || ' v ORDER BY v', true, false, '')::text END AS rows
              FROM pg_class c WHERE relkind = 'm' ORDER BY 1""";

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void everyKindOfObjectAndValueComesBack(PostgresServer server) throws IOException {
        // An index that some partitions lack; one table's file can't keep that: attaching to such a parent adds them.
        TestDatabase source = EveryKind.in(server)
                .run(
                        "CREATE INDEX sales_only ON ONLY kinds.sales (lower(region))",
                        "CREATE INDEX sales_default_lower ON kinds.sales_default (lower(region))",
                        "ALTER INDEX kinds.sales_only ATTACH PARTITION kinds.sales_default_lower");
        UnpackedArchive archive = UnpackedArchive.of(server, source);
        try (EmbeddedPostgres other = server.start(0)) {
            new TestDatabase(other.getPort(), "postgres").run("CREATE DATABASE restored TEMPLATE template0");
            TestDatabase target = new TestDatabase(other.getPort(), "restored");
            for (String command : archive.commands(UnpackedArchive.EVERYTHING)) {
                Run run = archive.run(target, command);
                assertThat(complaints(run)).as(command).isEmpty();
            }

            assertThat(EveryKind.differences(
                            EveryKind.definitions(server, source, List.of()),
                            EveryKind.definitions(server, target, List.of())))
                    .isEmpty();
            assertThat(target.rowCounts()).isEqualTo(source.rowCounts()).hasSizeGreaterThan(90);
            assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
            for (String what : List.of(SEQUENCES, LARGE_OBJECTS, ROLES, MATERIALIZED_VIEWS)) {
                assertThat(rows(target, what))
                        .as(what)
                        .isEqualTo(rows(source, what))
                        .hasSizeGreaterThan(2);
            }
        }
    }

    /** What a step printed as an error, but for what README.txt announces. */
    private static List<String> complaints(Run run) {
        return run.err()
                .lines()
                .filter(line -> line.contains("ERROR:") || line.contains("error:"))
                .filter(line -> !line.contains("role \"postgres\" already exists"))
                .filter(line -> !line.contains("unrecognized configuration parameter \"transaction_timeout\""))
                .toList();
    }

    private static List<Map<String, Object>> rows(TestDatabase database, String query) {
        return database.jdbc().queryForList(query);
    }
}

package dev.bactrian.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code whole/07-extension-members.sql}. */
interface ExtensionMembers extends Whole {

    @Test
    default void rowsOfMembersComeBack() {
        whole().comesBack("SELECT * FROM \"Ext S\".\"Q j\" ORDER BY id");
        whole().comesBack("SELECT e::text, c::text, d, q FROM \"Ext S\".uses");
        whole().comesBack("SELECT id, v, extra FROM \"Ext S\".fidelity_conf ORDER BY id");
        whole().comesBack("SELECT last_value FROM \"Ext S\".sq");
        whole().comesBack("SELECT * FROM \"Ext S\".vo ORDER BY 1");
        whole().comesBack("SELECT same FROM \"Ext S\".hidden WHERE same");
    }

    @Test
    default void theyAreMembersAgain() {
        whole().comesBack("SELECT i.type, i.identity FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid,"
                + " LATERAL pg_identify_object(d.classid, d.objid, 0) i"
                + " WHERE d.deptype = 'e' AND e.extname = 'fidelity' ORDER BY 1, 2");
    }

    @Test
    default void whatIsOnTablesOfExtensionsComesBack() {
        String tables = "('\"Ext S\".\"Q j\"'::regclass, '\"Ext S\".fidelity_conf'::regclass)";
        whole().comesBack(
                        "SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,"
                                + " pg_get_expr(adbin, adrelid) FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
                                + " WHERE attnum > 0 AND attrelid IN " + tables
                                + " ORDER BY attrelid::regclass::text, attnum");
        whole().comesBack("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid IN " + tables
                + " OR confrelid IN " + tables + " ORDER BY 1, 2");
        whole().comesBack(
                        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN " + tables + " ORDER BY 1");
        whole().comesBack(
                        "SELECT pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN "
                                + tables + " ORDER BY 1");
        whole().comesBack(
                        "SELECT polname, polcmd, pg_get_expr(polqual, polrelid), polroles::regrole[]::text FROM pg_policy"
                                + " WHERE polrelid IN " + tables);
        whole().comesBack(
                        "SELECT relname, relrowsecurity, relforcerowsecurity, relowner::regrole::text, relacl::text FROM pg_class"
                                + " WHERE oid IN " + tables + " ORDER BY 1");
        whole().comesBack(
                        "SELECT pg_get_serial_sequence('\"Ext S\".\"Q j\"', 'id'), pg_get_serial_sequence('\"Ext S\".\"Q j\"', 'n')");
    }

    @Test
    default void statisticsAndCommentsOnThemComeBack() {
        whole().comesBack("SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext WHERE stxname = 'of_conf'");
        whole().comesBack("SELECT obj_description(oid, 'pg_class'), col_description(oid, 2) FROM pg_class WHERE oid ="
                + " '\"Ext S\".fidelity_conf'::regclass AND obj_description(oid, 'pg_class') IS NOT NULL");
    }

    @Test
    default void theManifestHasThem() {
        assertThat(whole().manifest().path("extensions").findValuesAsText("name"))
                .contains("fidelity");
        assertThat(whole().manifest().path("extensions").toString()).contains("\\\"Q j\\\"");
    }
}

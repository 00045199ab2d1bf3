package dev.bactrian.restore.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DDL that goes to another schema; «s» in an expected text is where the new name stands. */
class SchemaRenameTest {

    private static final Set<String> MOVED = Set.of("t", "t_id_seq", "t_pkey", "Odd \"x\".y", "Größe", "s");

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\0',
            value = {
                "CREATE TABLE s.t (id int DEFAULT nextval('s.t_id_seq'::regclass))"
                        + " ~ CREATE TABLE «s».t (id int DEFAULT nextval('«s».t_id_seq'::regclass))",
                "ALTER TABLE ONLY s.t ADD FOREIGN KEY (a) REFERENCES s.other(id)"
                        + " ~ ALTER TABLE ONLY «s».t ADD FOREIGN KEY (a) REFERENCES s.other(id)",
                "ALTER SEQUENCE s.t_id_seq OWNED BY s.t.id ~ ALTER SEQUENCE «s».t_id_seq OWNED BY «s».t.id",
                "COMMENT ON COLUMN \"s\".\"t\".\"s\" IS 's.t' ~ COMMENT ON COLUMN «s».\"t\".\"s\" IS 's.t'",
                "CREATE INDEX s ON s . t USING btree (s, (s.f(t))) ~ CREATE INDEX s ON «s» . t USING btree (s, (s.f(t)))",
                "GRANT SELECT ON S.T TO s ~ GRANT SELECT ON «s».T TO s",
                "GRANT INSERT,SELECT(s) ON s.t TO s; REVOKE GRANT OPTION FOR SELECT ON s.t FROM s"
                        + " ~ GRANT INSERT,SELECT(s) ON «s».t TO s; REVOKE GRANT OPTION FOR SELECT ON «s».t FROM s",
                "CREATE POLICY s ON s.t FOR SELECT TO s USING ((EXISTS ( SELECT 1 FROM s.t t_1 WHERE (t_1.a = t.a))))"
                        + " ~ CREATE POLICY s ON «s».t FOR SELECT TO s USING ((EXISTS ( SELECT 1 FROM «s».t t_1"
                        + " WHERE (t_1.a = t.a))))",
                "CREATE RULE s AS ON SELECT TO s.t DO INSTEAD SELECT s.t FROM s.t s"
                        + " ~ CREATE RULE s AS ON SELECT TO «s».t DO INSTEAD SELECT s.t FROM «s».t s",
                "GRANT SELECT ON \"S\".t TO s ~ GRANT SELECT ON \"S\".t TO s",
                "ALTER TABLE s.\"T\" OWNER TO s ~ ALTER TABLE s.\"T\" OWNER TO s",
                "ALTER TABLE s.\"Odd \"\"x\"\".y\" OWNER TO x ~ ALTER TABLE «s».\"Odd \"\"x\"\".y\" OWNER TO x",
                "ALTER TABLE s.\"Größe\" OWNER TO x ~ ALTER TABLE «s».\"Größe\" OWNER TO x",
                "ALTER TABLE s.s OWNER TO s ~ ALTER TABLE «s».s OWNER TO s",
                "ALTER TABLE x.s.t ADD c text ~ ALTER TABLE x.s.t ADD c text",
                "ALTER TABLE \"s.t\" ADD c s.t ~ ALTER TABLE \"s.t\" ADD c «s».t",
                "ALTER TABLE ss.t, t.s, s_.t ~ ALTER TABLE ss.t, t.s, s_.t",
                "SELECT a.t, s.u ~ SELECT a.t, s.u",
                "CHECK (x = 's.t'::text AND y = E's.t\\'s.t' AND z = $$ s.t $$) -- s.t"
                        + " ~ CHECK (x = 's.t'::text AND y = E's.t\\'s.t' AND z = $$ s.t $$) -- s.t",
                "DEFAULT nextval('s.\"it''s\"'::regclass) + nextval('\"s\".\"t\"'::regclass)"
                        + " ~ DEFAULT nextval('s.\"it''s\"'::regclass) + nextval('«s».\"t\"'::regclass)",
                "f('t'::regclass, 's'::regclass, 's.u'::regclass, 's.t'::regtype)"
                        + " ~ f('t'::regclass, 's'::regclass, 's.u'::regclass, '«s».t'::regtype)",
                "CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO x ~ CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO x",
                "CREATE FUNCTION s.f() AS $f$ SELECT FROM s.t $f$ ~ CREATE FUNCTION s.f() AS $f$ SELECT FROM s.t $f$",
                "SELECT s.t 'open s.t ~ SELECT «s».t 'open s.t",
                "s. ~ s.",
            })
    void whatMovesNamesTheNewSchema(String sql, String expected) {
        assertThat(apply(new SchemaRename("s", "to \"ä\"", MOVED), sql))
                .isEqualTo(expected.replace("«s»", "\"to \"\"ä\"\"\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\0',
            value = {
                "CREATE SCHEMA s ~ CREATE SCHEMA «s»",
                "CREATE SCHEMA IF NOT EXISTS \"s\"; DROP SCHEMA IF EXISTS s"
                        + " ~ CREATE SCHEMA IF NOT EXISTS «s»; DROP SCHEMA IF EXISTS «s»",
                "ALTER SCHEMA s OWNER TO s ~ ALTER SCHEMA «s» OWNER TO s",
                "COMMENT ON SCHEMA s IS 's' ~ COMMENT ON SCHEMA «s» IS 's'",
                "GRANT USAGE ON SCHEMA s TO s ~ GRANT USAGE ON SCHEMA «s» TO s",
                "ALTER DEFAULT PRIVILEGES FOR ROLE s IN SCHEMA s GRANT SELECT ON TABLES TO s"
                        + " ~ ALTER DEFAULT PRIVILEGES FOR ROLE s IN SCHEMA «s» GRANT SELECT ON TABLES TO s",
                "ALTER PUBLICATION s ADD TABLES IN SCHEMA s ~ ALTER PUBLICATION s ADD TABLES IN SCHEMA «s»",
                "CREATE SCHEMA other; CREATE ROLE s ~ CREATE SCHEMA other; CREATE ROLE s",
                "CREATE TYPE s.a AS (b s.c[], d \"s\".\"e\") ~ CREATE TYPE «s».a AS (b «s».c[], d «s».\"e\")",
                "CREATE OPERATOR s.=== (FUNCTION = s.f, COMMUTATOR = OPERATOR(s.*))"
                        + " ~ CREATE OPERATOR «s».=== (FUNCTION = «s».f, COMMUTATOR = OPERATOR(«s».*))",
                "ADD OPERATOR 1 s.<(s.a,s.a), FUNCTION 1 (s.a) s.f(s.a)"
                        + " ~ ADD OPERATOR 1 «s».<(«s».a,«s».a), FUNCTION 1 («s».a) «s».f(«s».a)",
                "x = 's.f(s.a, integer)'::regprocedure ~ x = '«s».f(«s».a, integer)'::regprocedure",
                "SET search_path TO 's', 'public' ~ SET search_path TO 's', 'public'",
            })
    void aWholeSchemaMovesWithItsName(String sql, String expected) {
        assertThat(apply(new SchemaRename("s", "new", null), sql)).isEqualTo(expected.replace("«s»", "\"new\""));
    }

    /** In the form in which pg_get_viewdef prints them; SchemaRenameIT moves a schema that a real pg_dump printed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\0',
            value = {
                "CREATE VIEW s.v AS SELECT s.id, (s.f(s.id))::s.kind AS kind FROM s.s"
                        + " ~ CREATE VIEW «s».v AS SELECT s.id, («s».f(s.id))::«s».kind AS kind FROM «s».s",
                "CREATE VIEW s.v AS SELECT a.x FROM s.a, s.b ~ CREATE VIEW «s».v AS SELECT a.x FROM «s».a, «s».b",
                "CREATE VIEW x.v AS SELECT s.x, c.y FROM ((s.a s JOIN s.b ON ((s.x = b.x))) LEFT JOIN s.c ON ((s.x = c.x)))"
                        + " WHERE (s.x IS DISTINCT FROM s.y) ORDER BY s.x, s.y"
                        + " ~ CREATE VIEW x.v AS SELECT s.x, c.y FROM ((«s».a s JOIN «s».b ON ((s.x = b.x))) LEFT JOIN «s».c"
                        + " ON ((s.x = c.x))) WHERE (s.x IS DISTINCT FROM s.y) ORDER BY s.x, s.y",
                "AS SELECT EXTRACT(year FROM s.at) AS y, ( SELECT max(s.x) AS max FROM s.m) AS m FROM s.a s,"
                        + " LATERAL ( SELECT s.x FROM ONLY s.b) l, LATERAL s.f(s.x) g(h)"
                        + " ~ AS SELECT EXTRACT(year FROM s.at) AS y, ( SELECT max(s.x) AS max FROM «s».m) AS m FROM «s».a s,"
                        + " LATERAL ( SELECT s.x FROM ONLY «s».b) l, LATERAL «s».f(s.x) g(h)",
                "AS WITH s AS ( SELECT t.x FROM s.t) SELECT s.x FROM s UNION ALL SELECT u.x FROM s.u WHERE (u.x IN ( SELECT s.y"
                        + " FROM s)) ~ AS WITH s AS ( SELECT t.x FROM «s».t) SELECT s.x FROM s UNION ALL SELECT u.x FROM"
                        + " «s».u WHERE (u.x IN ( SELECT s.y FROM s))",
                "CREATE POLICY p ON s.s USING ((EXISTS ( SELECT 1 FROM s.m WHERE (m.id = s.id))))"
                        + " ~ CREATE POLICY p ON «s».s USING ((EXISTS ( SELECT 1 FROM «s».m WHERE (m.id = s.id))))",
                "CREATE FUNCTION s.f(s s.kind) RETURNS s.kind BEGIN ATOMIC INSERT INTO s.t SELECT s.a FROM s.a s; DELETE FROM s.t;"
                        + " UPDATE s.t SET x = 1; END ~ CREATE FUNCTION «s».f(s «s».kind) RETURNS «s».kind BEGIN ATOMIC"
                        + " INSERT INTO «s».t SELECT s.a FROM «s».a s; DELETE FROM «s».t; UPDATE «s».t SET x = 1; END",
                "AS SELECT (s.x OPERATOR(s.=) s.y) AS e, (s.z COLLATE s.c) AS c FROM s.s"
                        + " ~ AS SELECT (s.x OPERATOR(«s».=) s.y) AS e, (s.z COLLATE «s».c) AS c FROM «s».s",
            })
    void columnsOfATableThatIsCalledLikeTheSchemaStay(String sql, String expected) {
        assertThat(apply(new SchemaRename("s", "new", null), sql)).isEqualTo(expected.replace("«s»", "\"new\""));
    }

    @Test
    void namesOfSchemasAreQuoted() {
        assertThat(apply(new SchemaRename("a.\"ß\"", "b\"", Set.of("t")), "TABLE \"a.\"\"ß\"\"\".t, \"a.\"\"ß\"\"\".u"))
                .isEqualTo("TABLE \"b\"\"\".t, \"a.\"\"ß\"\"\".u");
        assertThat(apply(new SchemaRename("it's", "o'n", null), "x('\"it''s\".t'::regclass)"))
                .isEqualTo("x('\"o''n\".t'::regclass)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "-- only a comment", "SELECT 1;", "a b  c\t\n;"})
    void whatHoldsNoSuchNameStaysByteForByte(String sql) {
        assertThat(new SchemaRename("s", "new", null).apply(sql)).isEqualTo(sql);
    }

    private static String apply(SchemaRename rename, String sql) {
        String bytes = new String(sql.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return new String(rename.apply(bytes).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}

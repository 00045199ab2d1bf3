package dev.bactrian.postgres.meaning;

/** Schemas with operators, each of which belongs to an extension. What definitions don't write out may be in them. */
public final class ExtensionSchemas {

    /** A query of their names, in their order. */
    public static final String QUERY =
            """
            SELECT n.nspname FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
              LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_operator'::pg_catalog.regclass
                    AND d.objid = o.oid AND d.deptype = 'e'
             WHERE n.nspname <> 'pg_catalog'
             GROUP BY n.nspname HAVING pg_catalog.count(*) = pg_catalog.count(d.objid) ORDER BY n.nspname""";

    private ExtensionSchemas() {}
}

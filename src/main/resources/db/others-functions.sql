-- Functions of others that would run as this session's role: one row for each thing that is asked about, and each function that it
-- comes to. Trusted is who may act as this session's role anyway, and so the server's own; of extensions, those of a trusted owner.
-- Policies aren't followed: with row_security off, which all sessions of ours have, the server runs none, and refuses to read instead.
-- Asked about: 'rows', a table that gets rows; 'parent', one whose constraints and defaults another inherits; 'reads', a relation that a query reads; 'function', 'operator', 'type', by their names.
WITH RECURSIVE asked (kind, schema, name) AS (
    SELECT DISTINCT * FROM unnest(?::text[], ?::text[], ?::text[])
), trusted (oid) AS (
    SELECT oid FROM pg_roles WHERE pg_has_role(oid, current_user, 'MEMBER')
), relations (kind, schema, name, oid) AS (
    SELECT a.*, c.oid FROM asked a JOIN pg_namespace n ON n.nspname = a.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = a.name
     WHERE a.kind IN ('rows', 'parent', 'reads')
), parted AS (
    SELECT * FROM relations
    UNION SELECT kind, schema, name, t.relid FROM relations CROSS JOIN LATERAL pg_partition_tree(oid) t WHERE kind <> 'parent'
), code (kind, schema, name, classid, objid) AS (
    SELECT kind, schema, name, 'pg_class'::regclass::oid, oid FROM parted
    UNION ALL SELECT kind, schema, name, d.classid, d.objid FROM parted r
     CROSS JOIN LATERAL (
           SELECT 'pg_attrdef'::regclass::oid AS classid, oid AS objid FROM pg_attrdef WHERE adrelid = r.oid
           UNION ALL SELECT 'pg_constraint'::regclass, oid FROM pg_constraint WHERE conrelid = r.oid
           UNION ALL SELECT 'pg_trigger'::regclass, oid FROM pg_trigger WHERE tgrelid = r.oid AND NOT tgisinternal AND tgenabled IN ('A', 'R') AND r.kind = 'rows'
           UNION ALL SELECT 'pg_rewrite'::regclass, oid FROM pg_rewrite WHERE ev_class = r.oid AND ev_type <> '1' AND ev_enabled IN ('A', 'R') AND r.kind = 'rows') d
     WHERE r.kind IN ('rows', 'parent')
    UNION ALL SELECT a.*, 'pg_proc'::regclass, p.oid FROM asked a JOIN pg_namespace n ON n.nspname = schema JOIN pg_proc p ON pronamespace = n.oid
     WHERE kind = 'function' AND proname = name
    UNION ALL SELECT a.*, 'pg_operator'::regclass, p.oid FROM asked a JOIN pg_namespace n ON n.nspname = schema JOIN pg_operator p ON oprnamespace = n.oid
     WHERE kind = 'operator' AND oprname = name
    UNION ALL SELECT a.*, 'pg_type'::regclass, t.oid FROM asked a JOIN pg_namespace n ON n.nspname = schema JOIN pg_type t ON typnamespace = n.oid
     WHERE kind = 'type' AND typname = name
    UNION
    SELECT c.kind, c.schema, c.name, n.classid, n.objid FROM code c
     CROSS JOIN LATERAL (
           -- What the server's own parts need isn't written down; whatever is, has been made by somebody. Of relations, a query reads views.
           SELECT refclassid AS classid, refobjid AS objid FROM pg_depend d
            WHERE d.classid = c.classid AND d.objid = c.objid
              AND (refclassid IN ('pg_proc'::regclass, 'pg_type'::regclass, 'pg_operator'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass)
                   OR refclassid = 'pg_class'::regclass AND c.classid = 'pg_rewrite'::regclass)
           UNION ALL
           SELECT 'pg_constraint'::regclass, oid FROM pg_constraint WHERE c.classid = 'pg_type'::regclass AND contypid = c.objid
           UNION ALL
           SELECT 'pg_type'::regclass, atttypid FROM pg_type JOIN pg_attribute ON attrelid = typrelid
            WHERE c.classid = 'pg_type'::regclass AND pg_type.oid = c.objid AND typrelid <> 0
           UNION ALL
           -- A comparison may cast what it compares.
           SELECT 'pg_proc'::regclass, castfunc FROM pg_cast
            WHERE c.classid = 'pg_type'::regclass AND c.objid IN (castsource, casttarget) AND c.objid >= 16384 AND castfunc <> 0
           UNION ALL
           SELECT 'pg_proc'::regclass, amproc FROM pg_amproc WHERE c.classid = 'pg_opfamily'::regclass AND amprocfamily = c.objid
           UNION ALL
           SELECT 'pg_rewrite'::regclass, oid FROM pg_rewrite WHERE c.classid = 'pg_class'::regclass AND ev_class = c.objid AND ev_type = '1'
           UNION ALL
           -- The planner runs what of an index's expressions and condition doesn't depend on a row, with the rights of the one who reads.
           SELECT 'pg_class'::regclass, indexrelid FROM pg_index WHERE c.classid = 'pg_class'::regclass AND indrelid = c.objid
           UNION ALL
           -- Of tables that inherit, and of partitions, it does so with CHECK constraints, too; a virtual column is worked out when it is read.
           SELECT 'pg_constraint'::regclass, o.oid FROM pg_constraint o JOIN pg_inherits ON inhrelid = conrelid
            WHERE c.classid = 'pg_class'::regclass AND conrelid = c.objid AND contype = 'c'
           UNION ALL
           SELECT 'pg_attrdef'::regclass, d.oid FROM pg_attrdef d JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
            WHERE c.classid = 'pg_class'::regclass AND adrelid = c.objid AND attgenerated = 'v') n
), trees (kind, schema, name, owner, tree) AS (
    -- Expressions as the server keeps them, in which functions have their numbers.
    SELECT c.kind, c.schema, c.name, t.owner, t.tree FROM code c
     CROSS JOIN LATERAL (
           SELECT relowner AS owner, adbin::text AS tree FROM pg_attrdef JOIN pg_class r ON r.oid = adrelid
            WHERE c.classid = 'pg_attrdef'::regclass AND pg_attrdef.oid = c.objid
           UNION ALL SELECT coalesce(relowner, typowner), conbin::text FROM pg_constraint o LEFT JOIN pg_class r ON r.oid = conrelid
             LEFT JOIN pg_type t ON t.oid = contypid
            WHERE c.classid = 'pg_constraint'::regclass AND o.oid = c.objid
           UNION ALL SELECT relowner, concat(indexprs, indpred) FROM pg_index JOIN pg_class r ON r.oid = indexrelid
            WHERE c.classid = 'pg_class'::regclass AND indexrelid = c.objid
           UNION ALL SELECT relowner, concat(ev_qual, ev_action) FROM pg_rewrite w JOIN pg_class r ON r.oid = ev_class
            WHERE c.classid = 'pg_rewrite'::regclass AND w.oid = c.objid
           UNION ALL SELECT relowner, tgqual::text FROM pg_trigger g JOIN pg_class r ON r.oid = tgrelid
            WHERE c.classid = 'pg_trigger'::regclass AND g.oid = c.objid) t
)
SELECT kind, schema, name, format('%I.%I', schema, name) AS named, p.oid::regprocedure::text AS function, quote_ident(pg_get_userbyid(proowner)) AS role,
       n.nspname AS in_schema
  FROM code JOIN pg_proc p ON p.oid = objid JOIN pg_namespace n ON n.oid = pronamespace
 WHERE classid = 'pg_proc'::regclass AND proowner NOT IN (SELECT oid FROM trusted)
   AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
                    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' AND extowner IN (SELECT oid FROM trusted))
UNION
-- Functions of the server's, and of extensions, that run what a text says, or do something besides, in what others have defined.
SELECT kind, schema, name, format('%I.%I', schema, name), p.oid::regprocedure::text, quote_ident(pg_get_userbyid(trees.owner)), n.nspname
  FROM trees CROSS JOIN LATERAL regexp_matches(tree, ':(?:funcid|opfuncid|aggfnoid|winfnoid) (\d+)', 'g') number
  JOIN pg_proc p ON p.oid = number[1]::oid JOIN pg_namespace n ON n.oid = pronamespace
 WHERE trees.owner NOT IN (SELECT oid FROM trusted) AND proowner IN (SELECT oid FROM trusted)
   AND (proname ~ '_to_xml(schema)?$|_and_xmlschema$'
        OR provolatile = 'v' AND proname !~ '^(uuid_generate_|gen_)' AND proname NOT IN ('uuidv4', 'uuidv7', 'random', 'clock_timestamp',
           'timeofday', 'nextval', 'currval', 'lastval'))
 ORDER BY named, function, role

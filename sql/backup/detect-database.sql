-- The database itself: what CREATE and ALTER DATABASE, and ALTER ROLE IN DATABASE, make of it. As bytes: text of a database
-- in SQL_ASCII needn't be any in UTF-8. Which columns pg_database has depends on the version.
SELECT encode(convert_to(jsonb_build_object(
         'database', to_jsonb(d) - 'datacl',
         'owner', pg_get_userbyid(d.datdba),
         'encoding', pg_encoding_to_char(d.encoding),
         'tablespace', (SELECT spcname FROM pg_tablespace t WHERE t.oid = d.dattablespace),
         'comment', shobj_description(d.oid, 'pg_database'),
         'grants', (SELECT jsonb_agg(jsonb_build_object(
                             'grantee', CASE a.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(a.grantee) END,
                             'privilege', a.privilege_type, 'grantable', a.is_grantable)
                             ORDER BY a.grantee, a.privilege_type)
                      FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a),
         'settings', (SELECT jsonb_agg(jsonb_build_object(
                               'role', CASE s.setrole WHEN 0 THEN '' ELSE pg_get_userbyid(s.setrole) END,
                               'name', split_part(c.setting, '=', 1), 'value', substr(c.setting, strpos(c.setting, '=') + 1))
                               ORDER BY s.setrole, c.place)
                        FROM pg_db_role_setting s, unnest(s.setconfig) WITH ORDINALITY AS c (setting, place)
                       WHERE s.setdatabase = d.oid),
         'labels', (SELECT jsonb_agg(jsonb_build_object('provider', l.provider, 'label', l.label))
                      FROM pg_shseclabel l WHERE l.classoid = 'pg_database'::regclass AND l.objoid = d.oid)
       )::text, CASE getdatabaseencoding() WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END), 'hex') AS facts
  FROM pg_database d WHERE d.datname = current_database()

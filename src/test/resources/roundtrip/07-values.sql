CREATE SCHEMA "values";
SET search_path = "values", ext, public;
CREATE TABLE every_type (
    id int PRIMARY KEY, b bool, i2 int2, i4 int4, i8 int8, n numeric, n2 numeric(20, -3), f4 float4, f8 float8, m money, t text, v varchar(20), c char(7), c1 "char", nm name,
    by bytea, ts timestamp, tz timestamptz(3), d date, ti time, tiz timetz, iv interval, iv2 interval day to second(2), u uuid, j json, jb jsonb, jp jsonpath, x xml,
    inet inet, cidr cidr, mac macaddr, mac8 macaddr8, bits bit(5), vbits varbit, pt point, ln line, ls lseg, bx box, pa path, po polygon, ci circle,
    tsv tsvector, tsq tsquery, r4 int4range, r8 int8range, rn numrange, rts tsrange, rtz tstzrange, rd daterange, rf kinds.floatrange,
    m4 int4multirange, mn nummultirange, mtz tstzmultirange, mf kinds.floats, e kinds.mood, comp kinds.address, dom kinds.late, hs hstore, cit citext,
    oid oid, xid xid, xid8 xid8, cid cid, tid tid, lsn pg_lsn, snap pg_snapshot, regc regclass, regt regtype, regr regrole, regp regprocedure, vec int2vector, ovec oidvector, ref refcursor);
INSERT INTO every_type (id) VALUES (1);
INSERT INTO every_type VALUES (2, true, -32768, -2147483648, -9223372036854775808, 'NaN', 123456789, '-Infinity', 'Infinity', '-92233720368547758.08', '', '', '', '', '',
    '', '-infinity', 'infinity', 'infinity', '24:00', '24:00+13', '178000000 years 11 mons -3 days 04:05:06.789', '-1 23:59:59.99', '00000000-0000-0000-0000-000000000000', ' { "a" : 1, "a":2 } ', '{"b": [1, "\u00e9\n", null], "a": 1e400}', '$.a[*] ? (@ > 1)', '<a b="c">it''s &lt; <![CDATA[\.]]></a>',
    '::1/128', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', B'10101', B'', '(NaN,-Infinity)', '{1,-1,0}', '[(0,0),(1e-300,1)]', '((1,1),(0,0))', '[(0,0),(1,1)]', '((0,0),(1,1),(1,0))', '<(0,0),0>',
    '''it''''s'':1A,2 \\\\:3 a', '''a'' & !(b <-> c:*)', 'empty', '[,5)', '(,)', '[2020-01-01,infinity]', '("2020-01-01 00:00:00+00",)', '[2020-01-01,2020-02-01)', '[1.5,2.5]',
    '{[1,2),[5,)}', '{}', '{["2020-01-01 00:00:00+00","2021-01-01 00:00:00+00")}', '{[1,2]}', '', ROW('a "q" , \ (x)', NULL, '(1,2)'), 1, '"a b"=>"it''s \\", c=>NULL', 'ÄÖü',
    4294967295, '4294967295', '18446744073709551615', '1', '(1,2)', 'FFFFFFFF/FFFFFFFF', '10:20:10,14', 'pg_class', 'kinds.mood[]', 'rt_owner', 'kinds.add(int,int)', '1 2 3', '4 5', 'cursor');
INSERT INTO every_type (id, n, f4, f8, m, t, c, by, d, ts, iv, bits, tz) VALUES
    (3, 'Infinity', 'NaN', 4.9e-324, '92233720368547758.07', E'\\N', 'a  ', '\x00ff5c5c2e0a', '4713-01-01 BC', '294276-12-31 23:59:59.999999', '-178000000 years', B'00000', '0001-01-01 00:00:00+00 BC'),
    (4, 0.1 ^ 200, 3.4028235e38, 1.7976931348623157e308, 0, E'\\.', E'\n\t', decode(repeat('00', 10), 'hex'), '5874897-12-31', '4713-01-01 00:00:00 BC', 'P1Y2M3DT4H5M6.789S', B'11111', '1900-01-01 00:00:00+00'),
    (5, 1e300, -0.0, -0.0, 1, E'tab\there\rcr\nlf\r\ncrlf \b\f\v \x01\x7f \\ \\\\ "q" ''s'' \\x41 \\101 $1 %s', E'\\', '\x5c', 'epoch', 'epoch', '0', B'01010', 'epoch'),
    (6, 12345678901234567890123456789.123456789, 1.17549435e-38, 0.1::float4, 1, E'\\.\nafter', 'é', '\x0d0a', '2000-02-29', '2000-02-29 12:00', '1 mon', NULL, NULL),
    (7, NULL, NULL, NULL, NULL, 'NULL', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (8, NULL, NULL, NULL, NULL, E'\\.\\', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (9, NULL, NULL, NULL, NULL, 'Größe 日本語 😀 e' || U&'\0301' || U&'\2028' || U&'\FEFF' || U&'\0085' || U&'\+10FFFF', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE arrays (id int, t text[], i int[], b bytea[], tz timestamptz[], j jsonb[], e kinds.mood[], comp kinds.address[], bx box[], r int4range[], m int4multirange[], h hstore[], dd kinds.late[], c "char"[], n numeric[]);
INSERT INTO arrays VALUES (1, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}'),
    (2, ARRAY[NULL, 'NULL', '', 'null', '{', '}', ',', '"', '\', E'\n', E'\\N', ' ', 'it''s'], '[-2:0]={1,NULL,3}', ARRAY['\x00'::bytea, '\x5c'], '{infinity,NULL}', ARRAY['{"a":"\\"}'::jsonb], '{sad,""}', ARRAY[ROW('a,b', '"', NULL)::kinds.address], '{(1,1),(0,0);(2,2),(1,1)}', '{"[1,2)",empty}', ARRAY['{[1,2),[3,4)}'::int4multirange], ARRAY['a=>"{}"'::hstore], '{1,NULL}', ARRAY['a', '', '\']::"char"[], '{NaN,Infinity}'),
    (3, '{{a,b},{c,NULL}}', '[0:1][5:6]={{1,2},{3,4}}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE one_column (t text);
INSERT INTO one_column VALUES (''), (NULL), ('\.'), (E'\\.\r'), (E'\n'), (E'\n\\.\n'), ('\N'), ('COPY x FROM stdin;'), ('--'), (E'\r'), (E'\t'), ('\restrict x'), ('\! touch pwned');
CREATE TABLE large_value (id int, t text, b bytea);
INSERT INTO large_value SELECT 1, repeat(E'0123456789\n\\\t', 1600000), NULL;
INSERT INTO large_value SELECT 2, NULL, decode(repeat('00ff5c0a', 500000), 'hex');
INSERT INTO large_value VALUES (3, 'x', '');
CREATE TABLE same_rows (a int, b text);
INSERT INTO same_rows SELECT 1, 'x' FROM generate_series(1, 3000);
CREATE TABLE wide AS SELECT * FROM (SELECT 1 AS id) x;
SELECT format('ALTER TABLE wide %s', string_agg(format('ADD COLUMN c%s int DEFAULT %s', n, n), ', ')) FROM generate_series(1, 200) n \gexec

-- Sample database of the demo, part 5 of 9: a schema full of what goes wrong in
-- backups, one oddity per table, with its rows.

-- Names ----------------------------------------------------------------------

-- Guards against: names pasted into file names, object keys, SQL or CSV headers.
create table "Lab & Archive"."Wünsche/Ideen v1.0 ""final""" (
  "id" integer generated always as identity primary key,
  "Größe (cm)" numeric(6, 1),
  "select" text,
  "a.b" text,
  "x/y\z" text,
  "says ""hi""" text,
  "имя" text,
  "  padded  " text,
  "100%" boolean,
  "it's" text default 'it''s "fine"',
  "📦" text[]
);
comment on table "Lab & Archive"."Wünsche/Ideen v1.0 ""final""" is
  'One comment, three lines:
$$not a quote$$, ''nor this'', nor /* this */
-- nor that';
comment on column "Lab & Archive"."Wünsche/Ideen v1.0 ""final"""."says ""hi""" is E'a tab\there, an emoji 🐪 there';
create index "Index with ""quotes"" / slash" on "Lab & Archive"."Wünsche/Ideen v1.0 ""final""" (lower("имя"));
insert into "Lab & Archive"."Wünsche/Ideen v1.0 ""final"""
  ("Größe (cm)", "select", "a.b", "x/y\z", "says ""hi""", "имя", "  padded  ", "100%", "📦")
values
  (12.5, 'from', 'c.d', 'left/right', 'hello', 'Наташа', ' x ', true, '{🐪,🏜️}'),
  (null, 'where', '', '\', '"', 'Олена', '  ', false, '{}'),
  (99999.9, null, '..', '/', '""', null, null, null, array['a,b', '{c}', null, 'NULL', '"', '\']);

-- Guards against: two tables that are one on a file system without upper and lower case.
create table "Lab & Archive"."Customers" (id integer primary key, name text);
create table "Lab & Archive".customers (id integer primary key, name text);
insert into "Lab & Archive"."Customers" values (1, 'with a capital');
insert into "Lab & Archive".customers values (1, 'without'), (2, 'without');

-- Guards against: a table name that climbs out of a folder when it becomes a file name.
create table "Lab & Archive"."../notes" (line text);
insert into "Lab & Archive"."../notes" values ('up and away');

-- Guards against: words of SQL used as names.
create table "Lab & Archive"."order" (
  "user" integer primary key, "table" text not null, "from" date, "end" boolean, "null" text
);
insert into "Lab & Archive"."order" values (1, 'first', '2024-02-29', true, null), (2, '', null, null, 'null');

-- Guards against: names that object stores, URLs, shells or formatters read as something else.
create table "Lab & Archive"."100% wool; $(echo) `x` ?a=b&c#d *" ("%s %n" text, "${x}" text, "{{y}}" text);
insert into "Lab & Archive"."100% wool; $(echo) `x` ?a=b&c#d *" values ('%d', '${user.home}', '{{secret}}');
create table "Lab & Archive"."📦 倉庫 المخزن" (id integer primary key, "数" integer not null);
insert into "Lab & Archive"."📦 倉庫 المخزن" values (1, 10), (2, 20);
create table "Lab & Archive".a_name_as_long_as_postgres_allows_which_is_sixty_three_bytes_xx (
  a_column_as_long_as_postgres_allows_which_is_sixty_three_bytes_ integer
);
insert into "Lab & Archive".a_name_as_long_as_postgres_allows_which_is_sixty_three_bytes_xx values (63);

-- Shapes ---------------------------------------------------------------------

-- Guards against: tables without columns. It has three rows all the same.
create table "Lab & Archive".no_columns ();
insert into "Lab & Archive".no_columns default values;
insert into "Lab & Archive".no_columns default values;
insert into "Lab & Archive".no_columns default values;

-- Guards against: columns counted by position; the first, a middle and the last one are gone.
create table "Lab & Archive".dropped_columns (
  gone_first text, id integer primary key, gone_middle jsonb, label text default 'none', gone_last integer
);
insert into "Lab & Archive".dropped_columns
select 'x', n, '{"was": "here"}', 'label ' || n, n from generate_series(1, 50) as n;
alter table "Lab & Archive".dropped_columns
  drop column gone_first, drop column gone_middle, drop column gone_last;
-- Added later, with a default that is not stored in the rows there already.
alter table "Lab & Archive".dropped_columns add column added date not null default date '2024-05-01';

-- Guards against: rows told apart by their content. No key, and most rows exist several times.
create table "Lab & Archive".twins (colour text, amount integer);
insert into "Lab & Archive".twins
select (array['sand', 'indigo', null])[1 + n % 3], n % 4 from generate_series(1, 240) as n;

-- Guards against: tables in which every column is computed: there is nothing to load, but rows.
create table "Lab & Archive".only_generated (answer integer generated always as (6 * 7) stored);
insert into "Lab & Archive".only_generated default values;
insert into "Lab & Archive".only_generated default values;

-- A table made of a type, and rows inside of rows.
create table "Lab & Archive".typed of public.postal_address (primary key (street, postcode));
insert into "Lab & Archive".typed values
  ('Hauptstraße 5, "Hinterhaus"', '10827', 'Berlin', 'DE', null), ('(no street)', '', 'Ὀδησσός', 'UA', 'a,b');
create table "Lab & Archive".nested (
  id integer primary key,
  place public.postal_address,
  places public.postal_address[],
  whole_row "Lab & Archive"."order"
);
insert into "Lab & Archive".nested values
  (1, row('1 "Quote" St', 'A\B', 'Comma, City', 'GB', ''),
    array[row('(', ')', '{}', 'FR', null)::public.postal_address, null], row(7, 'seven', null, true, E'tab\t')),
  (2, row(null, null, null, null, null), '{}', null),
  (3, null, null, null);

-- Guards against: wide tables, of which statements and headers get long (300 columns).
do $$
begin
  execute (
    select 'create table "Lab & Archive".wide (id integer primary key, '
      || string_agg(format('reading_%s real', n), ', ' order by n) || ')'
    from generate_series(1, 299) as n);
  execute (
    select 'insert into "Lab & Archive".wide select n, '
      || string_agg(format('(n * %s) %% 1000 / 8.0', n), ', ' order by n)
      || ' from generate_series(1, 40) as n'
    from generate_series(1, 299) as n);
end
$$;

-- Guards against: constraints checked for rows older than the rule. Row 1 and the lost
-- parent of row 2 break them, and are allowed to.
create table "Lab & Archive".older_than_the_rule (id integer primary key, amount integer, parent integer);
insert into "Lab & Archive".older_than_the_rule values (1, -5, null), (2, 10, 99), (3, 20, 1);
alter table "Lab & Archive".older_than_the_rule add constraint amount_positive check (amount > 0) not valid;
alter table "Lab & Archive".older_than_the_rule add constraint parent_is_there
  foreign key (parent) references "Lab & Archive".older_than_the_rule (id) not valid;

-- Guards against: sequences restored to "1, not used": used up to 42, never used from 500,
-- downwards, owned by a column it doesn't fill.
create table "Lab & Archive".counters (id serial, ticket integer generated always as identity (minvalue -10 maxvalue 10 cycle));
create sequence "Lab & Archive"."Seq.never used" as smallint start 500 cache 20;
create sequence "Lab & Archive".downwards increment -3 maxvalue 0 minvalue -999999999999 start -1;
create sequence "Lab & Archive".adopted owned by "Lab & Archive".counters.ticket;
insert into "Lab & Archive".counters (id) select 42 from generate_series(1, 30);
select setval('"Lab & Archive".counters_id_seq', 42), setval('"Lab & Archive".downwards', -301, true),
  setval('"Lab & Archive".adopted', 7, false);

-- Values ---------------------------------------------------------------------

-- Guards against: text that looks like the format it is saved in. In COPY's format a null
-- is \N, a row ends with a line feed, a column with a tab, and the data with a line \.
create table "Lab & Archive".text_traps (id integer primary key, what text not null, value text, value_again varchar);
insert into "Lab & Archive".text_traps (id, what, value)
values
  (1, 'null', null),
  (2, 'empty', ''),
  (3, 'backslash N', '\N'),
  (4, 'end of data', '\.'),
  (5, 'end of data on a line of its own', E'before\n\\.\nafter'),
  (6, 'the word null', 'NULL'),
  (7, 'tab, line feed, carriage return', E'a\tb\nc\rd\r\ne'),
  (8, 'ends with a backslash', 'C:\temp\'),
  (9, 'escapes that are not', '\t\n\x41\u0041\101\\'),
  (10, 'quotes', '''"`´„“«»$$$x$'),
  (11, 'only spaces', '   '),
  (12, 'only a line feed', E'\n'),
  (13, 'control characters', E'\x01\x02\x07\x08\x0b\x0c\x1b\x7f'),
  (14, 'emoji of several parts', '👩🏽‍🚀🏳️‍🌈🐫'),
  (15, 'é as one and as two characters', E'\u00e9 e\u0301'),
  (16, 'right to left', 'مرحبا بالعالم – שלום'),
  (17, 'line breaks of Unicode', E'a\u2028b\u2029c\u0085d'),
  (18, 'no-break and zero-width', E'\u00a0\u200b\ufeff'),
  (19, 'beyond the basic plane', E'\U0001F42A \U00020000 \U0010FFFF'),
  (20, 'CSV', 'a,"b ""c""",d;e'),
  (21, 'formula', '=1+1'),
  (22, 'HTML', '<script>alert("x")</script> &amp;'),
  (23, 'SQL', '''; drop table users; --'),
  (24, 'a statement of a dump', E'COPY public.users (id) FROM stdin;\n1\n\\.\n'),
  (25, 'a command of psql', E'\\connect other\n\\! true'),
  (26, 'number with leading zeros', '007'),
  (27, 'long line', repeat('Sand. ', 20000)),
  (28, 'many lines', repeat(E'dune\n', 5000)),
  (29, 'placeholders', '? $1 :name ${x} {{y}} %s {0}'),
  (30, 'not quite JSON', '{"a": 1,}');
update "Lab & Archive".text_traps set value_again = value where id % 2 = 0;

-- Guards against: one value larger than buffers are (1.5 MB that hardly compress).
create table "Lab & Archive".big_values (id integer primary key, document text, image bytea);
alter table "Lab & Archive".big_values alter column image set storage external;
insert into "Lab & Archive".big_values
select 1, string_agg(md5('page ' || n), E'\n' order by n), null from generate_series(1, 30000) as n;
insert into "Lab & Archive".big_values
select 2, null, string_agg(decode(md5('pixel ' || n), 'hex'), ''::bytea order by n) from generate_series(1, 32768) as n;
insert into "Lab & Archive".big_values
select 3, '', string_agg(decode(lpad(to_hex(n), 2, '0'), 'hex'), ''::bytea order by n) from generate_series(0, 255) as n;
insert into "Lab & Archive".big_values values (4, null, '');

-- Guards against: values at the edge of their types.
create table "Lab & Archive".edges (
  id integer primary key,
  small smallint, big bigint, exact numeric, single real, double double precision,
  day date, at timestamptz, local timestamp, clock time, clock_tz timetz, span interval,
  padded char(8), one "char", bits bit(5), more_bits varbit, net cidr, host inet, mac macaddr,
  doc json, docb jsonb, path jsonpath, terms tsvector,
  grid integer[][], ages int4range, several int4multirange,
  place point, area polygon, ring circle, frame box, segment lseg, ray line
);
insert into "Lab & Archive".edges values
  (1, -32768, -9223372036854775808, 'NaN', 'NaN', '-Infinity',
    '-infinity', 'infinity', '4713-01-01 00:00:00 BC', '24:00', '23:59:59.999999-15:59', '-178000000 years',
    '', '', b'00000', '', '0.0.0.0/0', '::1', '00:00:00:00:00:00',
    '{ "b":1,  "a" : 2, "b": 3 }', '1e400', '$', '',
    '{}', 'empty', '{}', '(NaN,Infinity)', '((0,0))', '<(0,0),0>', '(0,0),(0,0)', '[(0,0),(0,0)]', '{1,0,0}'),
  (2, 32767, 9223372036854775807, '-Infinity', 3.4028235e38, 5e-324,
    '5874897-12-31', '294276-12-31 23:59:59.999999+00', 'infinity', '00:00', '00:00+15:59',
    '1 mon -1 day +00:00:00.000001',
    'ab', '\', b'11111', b'1', 'ffff::/16', '192.0.2.1/24', 'ff:ff:ff:ff:ff:ff',
    '"just text"', '"\u00e9 \\ \""', 'strict $.a[*] ? (@ > 1)', '''it''''s'':1A,2 ''back\\slash''',
    '[0:1][-1:0]={{1,2},{3,NULL}}', '(,)', '{[1,2),[5,)}',
    '(1e-300,-1e300)', '((0,0),(1,1),(1,0))', '<(1.5,-2.5),3>', '(2,2),(0,0)', '[(0,1),(2,3)]', '{1,-1,0}'),
  (3, 0, 0, 1234567890123456789012345678901234567890.000000000000000000000000000012345, '-0', 0.1,
    '0001-01-01 BC', '1900-01-01 00:00:00.000001+00', '2024-12-31 23:59:59.999999', '12:34:56.789', '12:00+00', '0',
    'a b     ', 'x', b'10101', b'0110', '198.51.100.0/30', '2001:db8::/64', '02:00:5e:10:00:01',
    'null', 'null', '$."a b"', 'a b c', '{{{1}}}', '[0,1)', '{(,)}',
    '(0.1,0.2)', '((0,0),(4,0),(4,4),(0,4))', '<(0,0),1e10>', '(1,1),(-1,-1)', '[(1,1),(1,1)]', '{0,1,2}'),
  (4, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
    null, null, null, null, null, null, null, null, null, null, null, null, null);

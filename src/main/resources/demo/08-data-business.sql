-- Sample database of the demo, part 8 of 9: support, staff, billing, analytics.

-- A number from 0 to size - 1 that looks random: the same for the same n and salt.
create function pg_temp.rnd(n bigint, salt text, size integer) returns integer
language sql immutable
return ('x' || substr(md5(salt || n::text), 1, 7))::bit(28)::integer % size;

create function pg_temp.pick(words text[], n bigint, salt text) returns text
language sql immutable
return words[1 + pg_temp.rnd(n, salt, cardinality(words))];

create temp table members as
select row_number() over (order by created_at) as m, id, full_name, (address).country as country, created_at
from public.profiles;

-- Support --------------------------------------------------------------------

insert into public.support_tickets (id, region, profile_id, subject, status, priority, answer_within, open_during, labels)
select n,
  case
    when country in ('DE', 'FR', 'ES', 'PL', 'DK') then 'eu'
    when country = 'GB' then 'uk'
    when country = 'CH' then 'ch'
    when country = 'US' then 'na'
    when country = 'BR' then 'latam'
    when country in ('TR', 'MA', 'EG') then 'mena'
    when country in ('MN', 'JP', 'AU') then 'apac'
    else 'elsewhere'
  end,
  id, pg_temp.pick(array['Where is my tent?', 'Wrong colour', 'Zip broke on day 2', 'Rechnung fehlt', 'Kann ich umtauschen?',
    'Two humps ordered, one received', 'Password e-mail never arrives', 'فاتورة', 'Love it, thank you! 🐪'], n, 'subject'),
  case when n > 1150 then (array['open', 'waiting'])[1 + n % 2] else 'solved' end, 1 + n % 5,
  case when n % 5 = 0 then interval '4 hours' else interval '1 day 4 hours' end,
  tstzrange(at, case when n <= 1150 then at + pg_temp.rnd(n, 'took', 9000) * interval '1 minute' end, '[)'),
  case when n % 4 > 0 then array[pg_temp.pick('{shipping,quality,invoice,"how to"}', n, 'label'), 'lang:' || lower(country)] end
from (select n, timestamptz '2023-07-01 09:00+00' + n * interval '16 hours' as at from generate_series(1, 1200) as n) as t
join members on m = 1 + pg_temp.rnd(n, 'asks', 1470)
order by n;

insert into public.ticket_messages (ticket_id, region, from_customer, body, sent_at)
select t.id, region, k % 2 = 1,
  case
    when k = 1 then subject || E'\n\n' || pg_temp.pick(array['Ordered two weeks ago, nothing yet.',
      'See the photo:\tIMG_0042.JPG', 'It says "N/A" on the label…',
      E'> quoted\n>> twice\nand a line with only\n\\.\nin it'], t.id, 'asks')
    when k % 2 = 0 then 'Hello, '
      || pg_temp.pick('{"we look into it.","a new one is on its way.","could you tell us the order number?"}', t.id + k, 'answer')
      || E'\n-- \nOasis Outfitters'
    else pg_temp.pick('{Thanks!,"OK, merci.","Still nothing 😕","👍"}', t.id + k, 'reply')
  end,
  lower(open_during) + (k - 1) * interval '97 minutes'
from public.support_tickets as t cross join generate_series(1, 5) as k
where k <= 1 + pg_temp.rnd(t.id, 'messages', 4) order by t.id, k;

-- Staff ----------------------------------------------------------------------

insert into public.departments (name)
select unnest('{Board,Buying,Warehouse,"Customer Care",Engineering,Finanzen,"Camel Relations"}'::text[]);

-- The first of a department leads it; those of the board lead the leaders.
insert into public.employees (department_id, full_name, email, hired, salary, skills, desk)
select 1 + (n - 1) % 7, full_name, 'staff' || n || '@example.com', date '2017-01-02' + (n * 41)::integer,
  2800 + pg_temp.rnd(n, 'salary', 5200) + 0.5, array[pg_temp.pick('{SQL,"tent sewing",Arabic,forklift,Türkçe}', n, 'skill'), 'coffee'],
  case when n % 3 > 0 then ('02:00:5e:ff:fe:10:00:' || lpad(to_hex(n), 2, '0'))::macaddr8 end
from (select row_number() over (order by md5(id::text)) as n, full_name from members limit 70) as chosen
order by n;
update public.employees set manager_id = case when id <= 7 then 1 else department_id end where id > 1;
update public.departments set head_id = id;

insert into public.room_bookings (room, during, booked_by, purpose)
select 1 + n % 4, tstzrange(at, at + interval '90 minutes'), 1 + pg_temp.rnd(n, 'books', 70),
  pg_temp.pick('{Stand-up,"Supplier call",Interview,"Tea tasting"}', n, 'purpose')
from (select n, timestamptz '2025-01-06 08:00+00' + n / 4 * interval '2 hours' as at from generate_series(1, 300) as n) as b;

insert into public.assets (name, bought_on, price)
select pg_temp.pick('{Desk,Chair,"Label printer",Shelf,Samovar}', n, 'asset') || ' ' || n, date '2019-01-01' + n * 9, 40 + n * 3.5
from generate_series(1, 120) as n;
insert into public.asset_vehicles (name, bought_on, price, plate, mileage_km)
select 'Van ' || n, date '2020-01-01' + n * 30, 18000 + n * 250, 'L-OO ' || 100 + n, case when n % 5 > 0 then n * 7411 end
from generate_series(1, 20) as n;
insert into public.asset_laptops (name, bought_on, price, serial_no, mac, employee_id)
select 'Laptop of ' || full_name, hired, 1249.9, upper(substr(md5('laptop ' || id), 1, 10)),
  ('02:00:5e:20:00:' || lpad(to_hex(id), 2, '0'))::macaddr, id
from public.employees order by id;

insert into public.contracts (supplier_id, signed, runs, scan, sha256)
select n, date '2022-01-10' + n * 11, daterange(date '2022-02-01' + n * 11, case when n % 3 > 0 then date '2026-01-01' + n end),
  case when n <= 3 then 900000 + n end, sha256(convert_to('contract ' || n, 'UTF8'))
from generate_series(1, 40) as n;

insert into public.feature_flags (key, enabled, rollout, rules, changed_by) values
  ('one-click-checkout', true, 1, '[]', 'postgres'),
  ('camel-cam', false, 0.1, '[{"country": ["MA", "UZ"]}, {"beta": true}]', null),
  ('neue_Suche', true, 0.33333334, '[null, 1.0, "\\N", {}]', 'Jörg'),
  ('dark mode', true, 1, '[{"text": "line\nbreak and \"quotes\""}]', '');
insert into public.app_settings (namespace, key, value) values
  ('mail', 'sender', '"shop@example.com"'),
  ('mail', 'retries', '[1,   5,25 ]'),
  ('shop', 'limits', '{"b": 1, "a": 2, "b": 3}'),
  ('shop', 'greeting', '"\u0048ello\t\"you\""'),
  ('shop', 'nothing', 'null'),
  ('shop', 'unset', null);

insert into public.audit_log (at, actor, action, table_name, row_key, before, after)
select timestamptz '2024-02-01 00:00+00' + n * interval '307 minutes', pg_temp.pick('{buying,import,support}', n, 'actor'),
  (array['I', 'U', 'U', 'D'])[1 + n % 4]::"char", 'public.products', (1000 + pg_temp.rnd(n, 'product', 1200))::text,
  case when n % 4 > 0 then jsonb_build_object('price', 10 + n % 90) end,
  case when n % 4 < 3 then jsonb_build_object('price', 12 + n % 90, 'reason', 'season') end
from generate_series(1, 1800) as n;

-- Billing --------------------------------------------------------------------

insert into billing.plans (id, name, monthly, currency, limits, trial) values
  ('free', 'Wanderer', 0, 'EUR', '{"orders": 5, "returns": null}', null),
  ('club', 'Caravan Club', 4.9, 'EUR', '{"orders": 100, "returns": 10}', '14 days'),
  ('club-us', 'Caravan Club', 5.9, 'USD', '{"orders": 100, "returns": 10}', '14 days'),
  ('trader', 'Trader ⛺ "pro"', 49, 'EUR', '{"orders": 1e6, "api": true}', '1 mon');

insert into billing.subscriptions (id, profile_id, plan_id, active, seats, cancelled_because)
select md5('subscription ' || m)::uuid, id,
  case when m % 15 = 0 then 'trader' when m % 3 > 0 then 'free' when country = 'US' then 'club-us' else 'club' end,
  daterange(day, case when m % 9 = 0 then day + 30 + (m % 200)::integer end), case when m % 15 = 0 then 2 + m % 7 else 1 end,
  case when m % 9 = 0 then pg_temp.pick('{"too expensive","no camel any more",""}', m, 'because') end
from (select *, (created_at at time zone 'UTC')::date as day from members) as members
where m % 2 = 0 or m % 3 = 0 order by m;

insert into billing.payment_methods (id, profile_id, kind, last_digits, expires, is_default)
select md5('method ' || m || '/' || k)::uuid, id, kind,
  case when kind <> 'invoice' then lpad(pg_temp.rnd(m, kind, 10000)::text, 4, '0') end,
  case when kind = 'card' then date '2026-01-31' + (m % 40)::integer * 28 end, k = 1
from members cross join generate_series(1, 2) as k
cross join lateral (select (array['card', 'sepa', 'invoice'])[1 + (m + k) % 3] as kind) as chosen
where m % 3 <> 1 and (k = 1 or m % 6 = 0) order by m, k;

-- One invoice for every month of every paid subscription, up to nine of them.
insert into billing.invoices (profile_id, subscription_id, issued, due, paid_on, currency, net, vat_rate)
select s.profile_id, s.id, day, day + 14, case when m % 12 > 0 or k < 5 then day + 3 + k end, p.currency, monthly * seats,
  coalesce(c.vat_rate, 0.19)
from billing.subscriptions as s
join billing.plans as p on p.id = plan_id and monthly > 0
join members on members.id = s.profile_id
left join public.countries as c on c.code = country
cross join generate_series(0, 8) as k
cross join lateral (select lower(active) + k * 30 as day) as d
where active @> day and k <= m % 9 order by day, m;

insert into billing.invoice_lines (invoice_id, line, what, quantity, unit_price)
select id, 1, 'Caravan Club, ' || to_char(issued, 'YYYY-MM'), 1, net from billing.invoices order by id;
insert into billing.invoice_lines (invoice_id, line, what, quantity, unit_price)
select id, 2, E'Credit for\treturned bottles', 1.125 * (1 + id % 3), -0.0825 from billing.invoices where id % 4 = 0 order by id;

insert into billing.credit_notes (invoice_id, amount, reason)
select id, round(net / 2, 2), pg_temp.pick('{goodwill,"double booking","sand in the shoes"}', id, 'credit')
from billing.invoices where id % 25 = 0 order by id;

insert into billing.accounts (code, parent_code, name) values
  ('1', null, 'Assets'), ('10', '1', 'Cash'), ('14', '1', 'Receivables'), ('3', null, 'Taxes'), ('30', '3', 'VAT due'),
  ('8', null, 'Revenue'), ('80', '8', 'Subscriptions');
insert into billing.ledger_entries (booked_on, account_code, invoice_id, debit, credit, memo)
select issued, account, id, case when account = '14' then amount else 0 end, case when account = '14' then 0 else amount end, number
from billing.invoices
cross join lateral (values ('14', gross), ('80', net), ('30', gross - net)) as e (account, amount)
where amount <> 0 order by id, account;

-- Analytics ------------------------------------------------------------------

insert into analytics.visits (id, profile_id, started_at, lasted, ip, user_agent, landing_page, campaign)
select md5('visit ' || n)::uuid, id, timestamptz '2025-05-01 00:00+00' + n * interval '71 minutes',
  pg_temp.rnd(n, 'lasted', 2400) * interval '1 second' + interval '0.25 seconds',
  case when n % 4 = 0 then inet '2001:db8:7::/64' + n else inet '203.0.113.0/24' + pg_temp.rnd(n, 'ip', 256) end,
  case when n % 8 > 0 then pg_temp.pick('{Firefox/128.0,Safari/17.5,Chrome/126.0,"OasisOutfitters/3.2 (Android 14)"}', n, 'agent') end,
  pg_temp.pick('{/,/tents,/camel-care,/sale?utm_source=mail&x=%20,/search#top,/blog/küche}', n, 'page'),
  case when n % 6 = 0 then jsonb_build_object('source', 'newsletter', 'id', n / 6, 'ab', array[n % 2 = 0]) end
from generate_series(1, 2200) as n left join members on m = pg_temp.rnd(n, 'visitor', 2400)
order by n;

insert into analytics.events (visit_id, at, name, props)
select md5('visit ' || n)::uuid, timestamptz '2025-05-01 00:00+00' + n * interval '71 minutes' + k * interval '37 seconds', name,
  case name
    when 'search' then jsonb_build_object('phrase', pg_temp.pick('{tent,"camel \"blanket\"",تيه,boots 42}', n + k, 'phrase'),
      'results', n % 40)
    when 'purchase' then jsonb_build_object('order', 100001 + n % 7500, 'total', n % 300 + 0.95)
    else jsonb_build_object('product', 1000 + pg_temp.rnd(n * 10 + k, 'viewed', 1200), 'from', '/list', 'px', array[n % 1280, k * 90])
  end
from generate_series(1, 2200) as n cross join generate_series(1, 6) as k
cross join lateral (select pg_temp.pick('{view,view,view,search,add_to_cart,purchase}', n * 10 + k, 'event') as name) as e
where k <= 1 + pg_temp.rnd(n, 'events', 6) order by n, k;

insert into analytics.search_queries (day, phrase, asked, found, parsed)
select date '2025-06-01' + d, phrase, 1 + pg_temp.rnd(d * 7, phrase, 90), case when d % 8 > 0 then pg_temp.rnd(d, phrase, 60) end,
  plainto_tsquery('pg_catalog.simple', phrase)
from generate_series(0, 89) as d
cross join unnest('{tent,"two person tent",teapot,kamelsattel,"men''s boots"}'::text[]) as phrase order by d, phrase;

insert into analytics.daily_metrics (day, metric, value)
select date '2025-01-01' + d, metric,
  case when pg_temp.rnd(d, metric, 60) = 0 then 'NaN'::float8 else pg_temp.rnd(d, metric, 100000) / 7.0::float8 end
from generate_series(0, 299) as d cross join unnest('{conversion,"page load (ms)",bounce}'::text[]) as metric order by d, metric;

insert into analytics.experiments (name, variants, runs, won_by) values
  ('big buttons', '{control,big,BIG}', '{[2025-05-01 00:00+00,2025-06-01 00:00+00)}', 'big'),
  ('camel in the header', '{control,camel}', '{[2025-05-10 00:00+00,2025-05-20 00:00+00),[2025-06-10 00:00+00,)}', null);
insert into analytics.experiment_members (experiment_id, visit_id, variant)
select e.id, md5('visit ' || n)::uuid, variants[1 + n % cardinality(variants)]
from analytics.experiments as e cross join generate_series(1, 700) as n where n % 2 = e.id % 2 or n < 100 order by e.id, n;

insert into supabase_migrations.schema_migrations (version, statements, name) values
  ('20230601050000', array['create table public.countries (code char(2) primary key)',
    'insert into public.countries values (''DE'')'], 'start'),
  ('20230815120000', array[E'alter table public.products\n  add column tags text[] default ''{}''', 'select ''a;b'''], 'tags'),
  ('20240229235959', '{}', 'nothing to do');

drop table members;
drop function pg_temp.pick(text[], bigint, text);
drop function pg_temp.rnd(bigint, text, integer);

-- Sample database of the demo, part 6 of 9: accounts and suppliers.
-- The rows are the same at every load: no clock, no random numbers, no time zone.

-- A number from 0 to size - 1 that looks random: the same for the same n and salt.
create function pg_temp.rnd(n bigint, salt text, size integer) returns integer
language sql immutable
return ('x' || substr(md5(salt || n::text), 1, 7))::bit(28)::integer % size;

create function pg_temp.pick(words text[], n bigint, salt text) returns text
language sql immutable
return words[1 + pg_temp.rnd(n, salt, cardinality(words))];

create temp table cities as
select row_number() over () - 1 as city_no, c.*
from (values
  ('Berlin', 'DE', '10115', 'Chausseestraße', 'eu'), ('München', 'DE', '80331', 'Sendlinger Straße', 'eu'),
  ('Paris', 'FR', '75011', 'Rue de la Roquette', 'eu'), ('Málaga', 'ES', '29005', 'Calle Nueva', 'eu'),
  ('Łódź', 'PL', '90-001', 'Piotrkowska', 'eu'), ('Zürich', 'CH', '8001', 'Bahnhofstrasse', 'ch'),
  ('København', 'DK', '1050', 'Nyhavn', 'eu'), ('Leeds', 'GB', 'LS1 4AP', 'Briggate', 'uk'),
  ('İstanbul', 'TR', '34430', 'İstiklal Caddesi', 'mena'), ('Marrakesh', 'MA', '40000', 'Rue Bab Agnaou', 'mena'),
  ('القاهرة', 'EG', '11511', 'شارع المعز', 'mena'), ('Samarkand', 'UZ', '140100', 'Registon ko''chasi', 'elsewhere'),
  ('Улаанбаатар', 'MN', '14200', 'Энхтайвны өргөн чөлөө', 'apac'), ('東京', 'JP', '150-0001', '神宮前3丁目', 'apac'),
  ('Alice Springs', 'AU', '0870', 'Todd Mall', 'apac'), ('Tucson', 'US', '85701', 'E Congress St', 'na'),
  ('São Paulo', 'BR', '01310-100', 'Avenida Paulista', 'latam'), ('Nairobi', 'KE', '00100', 'Moi Avenue', 'elsewhere')
) as c (city, country, postcode, street, region);

insert into public.countries (code, name, currency, dial_prefix, vat_rate, in_eu) values
  ('DE', 'Deutschland', 'EUR', '+49', 0.190, true), ('FR', 'France', 'EUR', '+33', 0.200, true),
  ('ES', 'España', 'EUR', '+34', 0.210, true), ('PL', 'Polska', 'PLN', '+48', 0.230, true),
  ('DK', 'Danmark', 'DKK', '+45', 0.250, true), ('CH', 'Schweiz / Suisse', 'CHF', '+41', 0.081, false),
  ('GB', 'United Kingdom', 'GBP', '+44', 0.200, false), ('TR', 'Türkiye', 'TRY', '+90', 0.200, false),
  ('MA', 'المغرب', 'MAD', '+212', 0.200, false), ('EG', 'مصر', 'EGP', '+20', 0.140, false),
  ('UZ', 'Oʻzbekiston', 'UZS', '+998', 0.120, false), ('MN', 'Монгол Улс', 'MNT', '+976', 0.100, false),
  ('JP', '日本', 'JPY', '+81', 0.100, false), ('AU', 'Australia', 'AUD', '+61', 0.100, false),
  ('US', 'United States', 'USD', '+1', 0, false), ('BR', 'Brasil', 'BRL', '+55', 0.170, false),
  ('KE', 'Kenya', 'KES', '+254', 0.160, false), ('CI', 'Côte d''Ivoire', 'XOF', '+225', 0.180, false);

-- Accounts -------------------------------------------------------------------

create temp table people as
select n, md5('user ' || n)::uuid as id, first, last, first || ' ' || last as full_name,
  lower(translate(first || '.' || last, 'äöüßñéèáãåøçłŁıïíú''', 'aousneeaaaoclLiiiu')) || n
    || '@example.' || (array['com', 'org', 'net'])[1 + n % 3] as email,
  timestamptz '2023-06-01 06:00+00' + n * interval '13 hours' + pg_temp.rnd(n, 'signup', 3600) * interval '7 seconds'
    as joined,
  n % 50 = 0 as anonymous
from generate_series(1, 1500) as n
cross join lateral (
  select
    pg_temp.pick('{Amina,Björn,Carlos,Dilnoza,Elif,François,Giulia,Hassan,Ingrid,João,Karim,Léa,Mateusz,Nadia,Oluwaseun,
      Priya,Quentin,Rosa,Søren,Tariq,Ursula,Valentina,Wanjiru,Xavier,Yuki,Zeynep,Anaïs,Bilal,Chloé,Dmytro}', n, 'first')
      as first,
    pg_temp.pick('{Abdullah,Bianchi,Dubois,Eriksen,Fernández,García,Hoffmann,Ito,Jansen,Kowalski,Lindqvist,Müller,Nguyen,
      O''Brien,Petrov,Quispe,Rossi,Sato,Tanaka,Usmanov,Vega,Weiß,Yılmaz,Zhang,Núñez,Haddad,Okafor,Silva,Mbeki,Łukasik}',
      n, 'last') as last
) as names;

-- The password hashes look like bcrypt's, and belong to no password.
insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, invited_at,
  confirmation_token, recovery_token, email_change_token_new, email_change, last_sign_in_at, raw_app_meta_data,
  raw_user_meta_data, created_at, updated_at, phone, phone_confirmed_at, banned_until, deleted_at, is_anonymous)
select '00000000-0000-0000-0000-000000000000', id, 'authenticated', 'authenticated',
  case when not anonymous then email end,
  case
    when anonymous then ''
    when n % 3 = 0 then null
    else '$2a$10$BactrianDemoSalt00000' || n % 10 || 'NotTheHashOfAnyPassword0000000' || n % 7
  end,
  case when not anonymous and n % 17 > 0 then joined + interval '4 minutes' end,
  case when n % 40 = 7 then joined - interval '30 hours' end,
  '', '', '', '',
  case when n % 11 > 0 then joined + pg_temp.rnd(n, 'signin', 4000) * interval '1 hour' end,
  case
    when anonymous then '{}'
    when n % 3 = 0 then jsonb_build_object('provider', 'google', 'providers', array['google'])
    else jsonb_build_object('provider', 'email', 'providers', array['email'])
  end,
  case when anonymous then '{}' else jsonb_build_object('full_name', full_name, 'email_verified', n % 17 > 0) end,
  joined, joined + interval '4 minutes',
  case when n % 25 = 3 then '493023125' || lpad((n / 25)::text, 3, '0') end,
  case when n % 25 = 3 and n % 2 = 0 then joined + interval '9 minutes' end,
  case when n % 400 = 399 then timestamptz '2099-12-31 00:00+00' end,
  case when n % 300 = 299 then joined + interval '2000 hours' end,
  anonymous
from people order by n;

insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at, id)
select case provider when 'google' then (100000000000000000000 + n * 7919)::text else id::text end, id,
  jsonb_build_object('sub', id, 'email', initcap(email), 'email_verified', true, 'name', full_name),
  provider, joined, joined, joined, md5(provider || n)::uuid
from people
join (values ('email', 0), ('google', 1)) as p (provider, is_google) on (n % 3 = 0) = (is_google = 1) or n % 12 = 3
where not anonymous
order by n, provider;

create temp table signins as
select row_number() over (order by n, k) as s, md5('session ' || n || '/' || k)::uuid as id, n, k, p.id as user_id,
  joined + (k * 700 + pg_temp.rnd(n * 10 + k, 'session', 600)) * interval '1 hour' as at
from people as p cross join generate_series(0, 2) as k
where pg_temp.rnd(n * 10 + k, 'has session', 10) < 4;

insert into auth.sessions (id, user_id, created_at, updated_at, aal, not_after, refreshed_at, user_agent, ip, tag)
select id, user_id, at, at + interval '3 hours', (case when n % 10 = 1 then 'aal2' else 'aal1' end)::auth.aal_level,
  case when s % 9 = 0 then at + interval '720 hours' end, (at + interval '3 hours') at time zone 'UTC',
  pg_temp.pick(array[
    'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148',
    'OasisOutfitters/3.2 (Android 14; Pixel 8)', 'node'], s, 'agent'),
  case when s % 5 = 0 then inet '2001:db8::' + s else inet '203.0.113.0' + pg_temp.rnd(s, 'ip', 256) end, null
from signins order by s;

insert into auth.mfa_amr_claims (session_id, created_at, updated_at, authentication_method, id)
select id, at, at, method, md5(method || s)::uuid
from signins
join (values ('password'), ('totp'), ('oauth')) as m (method)
  on method = case when n % 3 = 0 then 'oauth' else 'password' end or method = 'totp' and n % 10 = 1
order by s, method;

insert into auth.refresh_tokens (instance_id, token, user_id, revoked, created_at, updated_at, parent, session_id)
select '00000000-0000-0000-0000-000000000000', substr(md5('token ' || s || '/' || t), 1, 12), user_id, t = 1,
  at + (t - 1) * interval '1 hour', at + t * interval '1 hour',
  case when t = 2 then substr(md5('token ' || s || '/1'), 1, 12) end, id
from signins cross join generate_series(1, 2) as t order by s, t;

insert into auth.mfa_factors (id, user_id, friendly_name, factor_type, status, created_at, updated_at, secret, phone)
select md5('factor ' || n)::uuid, id, case when n % 20 = 1 then 'Phone of ' || first else '' end,
  (case when n % 30 = 1 then 'phone' else 'totp' end)::auth.factor_type,
  (case when n % 4 = 1 then 'unverified' else 'verified' end)::auth.factor_status, joined, joined,
  case when n % 30 <> 1 then 'NOTASECRET' || translate(lpad(n::text, 6, '0'), '0123456789', 'ABCDEFGHIJ') end,
  case when n % 30 = 1 then '493023125' || lpad((n / 30)::text, 3, '0') end
from people where n % 10 = 1 order by n;

insert into auth.mfa_challenges (id, factor_id, created_at, verified_at, ip_address)
select md5('challenge ' || s)::uuid, md5('factor ' || n)::uuid, at,
  case when s % 6 > 0 then at + interval '21 seconds' end, inet '198.51.100.0' + pg_temp.rnd(s, 'ip', 256)
from signins where n % 10 = 1 order by s;

insert into auth.one_time_tokens (id, user_id, token_type, token_hash, relates_to, created_at, updated_at)
select md5('one time ' || n)::uuid, id,
  (case when n % 2 = 0 then 'recovery_token' else 'confirmation_token' end)::auth.one_time_token_type,
  encode(sha224(convert_to('one time ' || n, 'UTF8')), 'hex'), email, joined at time zone 'UTC', joined at time zone 'UTC'
from people where n % 17 = 0 and not anonymous order by n;

insert into auth.flow_state (id, auth_code, code_challenge_method, code_challenge, provider_type, created_at,
  updated_at, authentication_method)
select md5('flow ' || n)::uuid, md5('code ' || n)::uuid::text, 's256', encode(sha256(convert_to(n::text, 'UTF8')), 'base64'),
  'google', joined, joined, 'oauth'
from people where n % 24 = 3 order by n;

insert into auth.audit_log_entries (instance_id, id, payload, created_at, ip_address)
select '00000000-0000-0000-0000-000000000000', md5('audit ' || s)::uuid,
  json_build_object('action', 'login', 'actor_id', user_id, 'actor_username', email, 'log_type', 'account',
    'traits', json_build_object('provider', case when s.n % 3 = 0 then 'google' else 'email' end)),
  at, ''
from signins as s join people using (n) order by s;

insert into auth.schema_migrations (version)
select v from unnest('{00,20210710035447,20221003041349,20231117164230,20240427152123,20240729123726}'::text[]) as v;

insert into public.profiles (id, username, full_name, avatar_path, address, birthday, languages, newsletter, loyalty_points,
  preferences, created_at, updated_at)
select id, lower(translate(first, 'äöüñéèãåøçï', 'aouneeaaoci')) || '_' || n, full_name,
  case when n % 3 = 1 then id || '/avatar.png' end,
  case when n % 8 > 0 then row(street || ' ' || 1 + pg_temp.rnd(n, 'house', 140), postcode, city, country,
    case when n % 60 = 9 then 'c/o ' || last end)::public.postal_address end,
  case when n % 4 > 0 then date '1955-01-01' + pg_temp.rnd(n, 'birthday', 18000) end,
  case when country in ('DE', 'CH') then '{de,en}'::text[] when country = 'FR' then '{fr}' when n % 70 = 0 then '{}' else '{en}' end,
  n % 3 = 0, pg_temp.rnd(n, 'points', 4000),
  jsonb_build_object('theme', pg_temp.pick('{light,dark,"sand storm"}', n, 'theme'), 'beta', n % 13 = 0, 'per_page', 20 + n % 4 * 20),
  joined, joined + interval '40 hours'
from people as p join cities on city_no = pg_temp.rnd(n, 'city', 18)
where not anonymous order by n;

insert into public.customer_addresses (id, profile_id, label, address, earlier, is_default)
select md5('address ' || p.n || '/' || k)::uuid, p.id, (array['Home', 'Work', 'Großmutter'])[k],
  row(street || ' ' || 1 + pg_temp.rnd(p.n, 'house' || k, 90), postcode, city, country, null)::public.postal_address,
  case when p.n % 9 = 0 then array[row('Old Road 1', postcode, city, country, '"the blue door"')::public.postal_address]
    else '{}' end,
  k = 1
from people as p cross join generate_series(1, 3) as k
join cities on city_no = pg_temp.rnd(p.n * 10 + k, 'address', 18)
where not anonymous and k <= p.n % 4 order by p.n, k;

-- Suppliers -------------------------------------------------------------------

insert into public.suppliers (name, contact, address, office, lead_time, onboarded, rating, notes)
select pg_temp.pick('{Weavers,Tanners,Metalworks,Trading,Looms}', n, 'trade') || ' of ' || city,
  'sales' || n || '@example.org', row(street || ' ' || n, postcode, city, country, null)::public.postal_address,
  point(round(pg_temp.rnd(n, 'lon', 36000) / 100.0 - 180, 2)::float8, round(pg_temp.rnd(n, 'lat', 13000) / 100.0 - 60, 2)::float8),
  make_interval(days => 3 + n::integer % 40, hours => n::integer % 24), date '2018-03-01' + n::integer * 17,
  (20 + pg_temp.rnd(n, 'rating', 31))::real / 10,
  case when n % 4 = 0 then E'Ask for Samira.\nCloses early on Fridays;\tno deliveries before 9.' end
from generate_series(1, 60) as n join cities on city_no = pg_temp.rnd(n, 'supplier', 18) order by n;

drop table signins, people, cities;
drop function pg_temp.pick(text[], bigint, text);
drop function pg_temp.rnd(bigint, text, integer);

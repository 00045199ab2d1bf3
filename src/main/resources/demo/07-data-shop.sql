-- Sample database of the demo, part 7 of 9: catalogue, files and orders.

-- A number from 0 to size - 1 that looks random: the same for the same n and salt.
create function pg_temp.rnd(n bigint, salt text, size integer) returns integer
language sql immutable
return ('x' || substr(md5(salt || n::text), 1, 7))::bit(28)::integer % size;

create function pg_temp.pick(words text[], n bigint, salt text) returns text
language sql immutable
return words[1 + pg_temp.rnd(n, salt, cardinality(words))];

-- Catalogue ------------------------------------------------------------------

create temp table ranges as
select row_number() over () - 1 as range_no, r.*
from (values
  ('Shelter', 'Tents', 'Tent', 240, 3200, null), ('Shelter', 'Tarps & Awnings', 'Tarp', 90, 900, null),
  ('Shelter', 'Hammocks', 'Hammock', 65, 700, null), ('Shelter', 'Sleeping Bags', 'Sleeping Bag', 150, 1400, '{Short,Long}'),
  ('On the Trail', 'Backpacks', 'Backpack', 130, 1600, '{30 l,45 l,60 l}'),
  ('On the Trail', 'Saddlebags', 'Saddlebag', 180, 2600, null),
  ('On the Trail', 'Walking Poles', 'Walking Pole', 55, 480, '{110 cm,125 cm}'),
  ('On the Trail', 'Maps & Compasses', 'Compass', 35, 120, null),
  ('Clothing', 'Jackets', 'Jacket', 160, 650, '{S,M,L,XL}'), ('Clothing', 'Scarves', 'Scarf', 30, 140, null),
  ('Clothing', 'Trousers', 'Trousers', 85, 420, '{S,M,L}'), ('Clothing', 'Sun Hats', 'Hat', 28, 110, '{56,58,60}'),
  ('Footwear', 'Boots', 'Boots', 170, 1300, '{38,40,42,44}'), ('Footwear', 'Sandals', 'Sandals', 70, 600, '{38,40,42,44}'),
  ('Kitchen', 'Stoves', 'Stove', 75, 380, null), ('Kitchen', 'Teapots', 'Teapot', 45, 700, null),
  ('Kitchen', 'Water Bottles', 'Water Bottle', 24, 220, '{0.7 l,1.5 l}'), ('Kitchen', 'Spices', 'Spice Tin', 12, 90, null),
  ('Light & Power', 'Lanterns', 'Lantern', 40, 350, null), ('Light & Power', 'Solar Panels', 'Solar Panel', 190, 1900, '{20 W,60 W}'),
  ('Camel Care', 'Blankets', 'Camel Blanket', 110, 2400, '{One Hump,Two Humps}'), ('Camel Care', 'Brushes', 'Brush', 18, 160, null),
  ('Camel Care', 'Halters', 'Halter', 48, 540, '{Calf,Grown}'), ('Camel Care', 'Fodder', 'Fodder', 22, 5000, null)
) as r (parent, name, noun, base, grams, sizes);

-- The numbers of the categories come from the identity column: 10, 20, 30 …
insert into public.categories (name, sort_order)
select parent, min(range_no) from ranges group by parent order by min(range_no);
insert into public.categories (parent_id, name, sort_order)
select c.id, r.name, range_no from ranges as r join public.categories as c on c.name = r.parent order by range_no;
insert into public.categories (parent_id, name)
select id, 'Spare Parts' from public.categories where parent_id is null order by id;

insert into public.brands (name, founded, homepage)
select name, 1890 + pg_temp.rnd(n, 'founded', 130),
  'https://' || coalesce(nullif(public.slugify(name), ''), 'brand-' || n) || '.example.com/'
from unnest('{Nomad & Sons,Dune Works,Karawane GmbH,L''Oasis,Silk Road Supply,Mirage,Atlas Öutdoor,
  Gobi Gear,タクラマカン,Tuareg Tools,Saddler''s Guild,Wadi}'::text[]) with ordinality as b (name, n);

insert into public.products (public_id, brand_id, category_id, supplier_id, name, description, price, cost, tags, attributes,
  fits_ages, size_cm, weight_grams, markings, thumbnail, released_on, discontinued_on, updated_at)
select md5('product ' || n)::uuid, 1 + pg_temp.rnd(n, 'brand', 12), c.id,
  case when n % 9 > 0 then 1 + pg_temp.rnd(n, 'supplier', 60) end,
  model || ' ' || material || ' ' || noun,
  case when n % 15 > 0 then 'The ' || model || ' ' || lower(noun) || ' is made of ' || lower(material) || ' in '
    || pg_temp.pick('{"a family workshop","small batches",Samarkand,"the old town",Łódź}', n, 'made') || E'.\n\n'
    || pg_temp.pick(array['Sand shakes right off.', 'Stays cool at 45 °C – and warm at night.', 'Fits every saddle.',
      E'Care:\n\t• wash by hand\n\t• dry in the shade', 'Smells of "adventure".', '★★★★★'], n, 'praise') end,
  price, round(price * (40 + pg_temp.rnd(n, 'cost', 35)) / 100, 2),
  array[lower(material), lower(replace(noun, ' ', '-'))] || case when n % 5 = 0 then array['new', '🐪'] else '{}' end,
  jsonb_build_object('material', material, 'care', n % 4, 'waterproof', n % 3 = 0,
    'origin', jsonb_build_object('country', pg_temp.pick('{MA,UZ,MN,EG,PL}', n, 'origin'), 'lot', n * 17 % 991), 'notes', null),
  case when n % 6 = 0 then int4range(3 + n % 10, case when n % 12 = 0 then null else 16 + n % 3 end) end,
  case when n % 7 > 0 then array[10 + n % 90, 5 + n % 40, (n % 30) / 2.0] end,
  grams + pg_temp.rnd(n, 'grams', 1 + grams / 3), pg_temp.rnd(n, 'markings', 4096)::bit(12),
  case when n % 2 = 0 then '\x89504e470d0a1a0a'::bytea || decode(repeat(md5('thumbnail ' || n), 1 + n % 9), 'hex') end,
  date '2020-01-06' + pg_temp.rnd(n, 'released', 1200),
  case when n % 14 = 0 then date '2024-02-01' + pg_temp.rnd(n, 'discontinued', 500) end,
  timestamptz '2025-03-01 08:00+00' + n * interval '11 minutes'
from (
  select g as n, r.*,
    pg_temp.pick('{Nomad,Dune,Caravan,Oasis,Saddle,Mirage,"Silk Road",Atlas,Khan,Zephyr,Wadi,Bedouin,Steppe,Nachtwind}', g, 'model')
      as model,
    pg_temp.pick('{Wool,Cotton,Leather,Felt,Steel,Copper,Cedar,Linen,Titanium,Horn,Ripstop}', g, 'material') as material,
    round(base * (60 + pg_temp.rnd(g, 'price', 90)) / 100.0) - 0.05 as price
  from generate_series(1, 1200) as g join ranges as r on range_no = g % 24
) as p
join public.categories as c on c.name = p.name and c.parent_id is not null
order by n;

insert into public.product_variants (product_id, sku, colour, size, surcharge)
select p.id, 'OO-' || p.id || '-' || upper(left(colour, 3)) || '-' || k, colour,
  case when sizes is not null then (sizes::text[])[1 + k % cardinality(sizes::text[])] end, k % 3 * 2.5
from public.products as p
join public.categories as c on c.id = p.category_id
join ranges as r on r.name = c.name
cross join generate_series(0, 5) as k
cross join lateral (
  select (array['Sand', 'Indigo', 'Terracotta', 'Olive', 'Ivory', 'Crimson', 'Café au lait'])[1 + (p.id + k) % 7]
) as v (colour)
where k <= 1 + pg_temp.rnd(p.id, 'variants', 5)
order by p.id, k;

insert into public.price_history (product_id, price, valid)
select id, round(price * (80 + k * 10) / 100, 2),
  tstzrange(released_on::timestamp at time zone 'UTC' + k * interval '9000 hours',
    case when k = 0 then released_on::timestamp at time zone 'UTC' + interval '9000 hours' end)
from public.products cross join generate_series(0, 1) as k
where k = 0 or id % 4 > 0 order by id, k;

insert into public.product_relations (product_id, related_id, kind)
select p.id, q.id, pg_temp.pick('{"goes with",replaces,"spare part"}', p.id, 'kind')
from public.products as p join public.products as q on q.id = 1000 + (p.id * 7 + 13) % 1200 and q.id <> p.id
where p.id % 3 > 0 order by p.id;

insert into public.product_images (id, product_id, object_name, position, alt)
select md5('image ' || p.id || '/' || k)::uuid, p.id, public.slugify(name) || '/' || p.id || '-' || k || '.png', k,
  case when k = 1 then name when k = 2 then name || ', seen from behind' end
from public.products as p cross join generate_series(1, 3) as k
where k <= 1 + pg_temp.rnd(p.id, 'images', 3) order by p.id, k;

insert into public.warehouses (code, name, location, network, gateway, open_hours, address) values
  ('LEJ', 'Leipzig', '(12.3731,51.3397)', '10.20.0.0/16', '02:00:00:00:20:01', '[06:00,22:00)',
    row('Torgauer Straße 1', '04347', 'Leipzig', 'DE', null)),
  ('RAK', 'Marrakesh "Souk"', '(-7.9811,31.6295)', '10.21.0.0/17', '02:00:00:00:21:01', '[08:30,17:00]',
    row('Route de Safi', '40000', 'Marrakesh', 'MA', 'Dar, 2nd floor')),
  ('SKD', 'Самарканд', '(66.9597,39.6270)', '2001:db8:22::/48', null, '(,12:00)', null),
  ('TUS', 'Tucson', '(-110.9747,32.2226)', '10.23.4.0/24', '02:00:00:00:23:01', 'empty',
    row('E Drexel Rd', '85706', 'Tucson', 'US', null));

insert into public.inventory (warehouse_id, variant_id, quantity, reserved, flags, counted_on)
select w, v.id, 5 + pg_temp.rnd(v.id * 4 + w, 'quantity', 120), pg_temp.rnd(v.id * 4 + w, 'reserved', 6),
  case when v.id % 3 > 0 then substr('01101001', 1, 1 + (v.id % 8)::integer)::varbit end,
  case when v.id % 5 > 0 then date '2025-01-02' + w * 7 + (v.id % 5)::integer end
from public.product_variants as v cross join generate_series(1, 4) as w
where pg_temp.rnd(v.id * 4 + w, 'stocked', 100) < 42 order by v.id, w;

insert into public.coupons (code, percent_off, valid, category_ids, note)
select upper(pg_temp.pick('{CAMEL,DUNE,OASIS,SUMMER,ÉTÉ,spring}', n, 'coupon')) || 4 + n, 5 + n % 12 * 2.5,
  daterange(date '2023-06-01' + n * 14, case when n % 6 > 0 then date '2023-06-01' + n * 14 + 45 end, '[]'),
  case when n % 3 = 0 then array[90 + n * 10 % 240, 100] end, case when n % 10 = 0 then E'for friends\tonly' end
from generate_series(1, 60) as n;

-- Files ----------------------------------------------------------------------

insert into storage.migrations (id, name, hash, executed_at)
select n - 1, name, md5(name), timestamp '2023-05-30 10:00:00' + n * interval '1 second'
from unnest('{create-migrations-table,initialmigration,storage-schema,pathtoken-column,add-public-to-buckets}'::text[])
  with ordinality as m (name, n);

insert into storage.buckets (id, name, created_at, updated_at, public, file_size_limit, allowed_mime_types) values
  ('avatars', 'avatars', '2023-06-01 05:00+00', '2023-06-01 05:00+00', true, 1048576, '{image/png,image/jpeg}'),
  ('product-images', 'product-images', '2023-06-01 05:01+00', '2024-06-01 05:01+00', true, null, '{image/*}'),
  ('invoices', 'invoices', '2023-06-01 05:02+00', '2023-06-01 05:02+00', false, 52428800, '{application/pdf}'),
  ('team-drive', 'team-drive', '2024-02-29 12:00+00', '2024-02-29 12:00+00', false, null, null),
  ('not-used-yet', 'not-used-yet', '2025-01-01 00:00+00', '2025-01-01 00:00+00', false, null, null);

insert into storage.objects (id, bucket_id, name, owner, created_at, updated_at, last_accessed_at, metadata, version, owner_id,
  user_metadata)
select md5(bucket || '/' || name)::uuid, bucket, name, owner, made, made, made,
  jsonb_build_object('eTag', '"' || md5(name) || '"', 'size', size, 'mimetype', mime, 'cacheControl', 'max-age=3600',
    'lastModified', to_char(made at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"'), 'contentLength', size, 'httpStatusCode', 200),
  md5('version ' || name)::uuid::text, owner::text, case when size % 20 = 0 then '{"album": "Été ☀️"}'::jsonb end
from (
  select 'avatars' as bucket, avatar_path as name, id as owner, created_at as made, 9000 + loyalty_points as size, 'image/png' as mime
  from (select * from public.profiles where avatar_path is not null order by username limit 120) as p
  union all
  select 'product-images', object_name, null, timestamptz '2024-06-01 05:00+00' + product_id * interval '3 minutes',
    40000 + (product_id * 37 % 9973)::integer, 'image/png'
  from (select * from public.product_images where position = 1 order by product_id limit 200) as i
  union all
  select 'invoices', to_char(date '2024-01-01' + n, 'YYYY/MM') || '/OO-' || lpad((4999 + n)::text, 7, '0') || '.pdf', null,
    timestamptz '2024-01-01 02:00+00' + n * interval '24 hours', 22000 + n, 'application/pdf'
  from generate_series(1, 100) as n
  union all
  select 'team-drive', name, null, timestamptz '2024-03-01 09:00+00', 1234, 'application/octet-stream'
  from unnest(array['Plan (final) v2 & notes.docx', 'Fotos/Dünen/Sonnenaufgang #1.jpg', 'a/b/c', '100%.txt', '東京/地図.png',
    'quote"d/it''s.md', '.emptyFolderPlaceholder', 'trailing space /x']) as name
) as files
order by bucket, name;

insert into storage.s3_multipart_uploads (id, in_progress_size, upload_signature, bucket_id, key, version, created_at)
values ('upload-1', 10485760, 'c2lnbmF0dXJl', 'team-drive', 'Videos/caravan.mp4', 'v1', '2025-05-05 05:05+00');
insert into storage.s3_multipart_uploads_parts (id, upload_id, size, part_number, bucket_id, key, etag, version, created_at)
select md5('part ' || n)::uuid, 'upload-1', 5242880, n, 'team-drive', 'Videos/caravan.mp4', md5(n::text), 'v1', '2025-05-05 05:05+00'
from generate_series(1, 2) as n;

-- Orders ---------------------------------------------------------------------

-- Who could order: a growing crowd, numbered by the time of joining.
create temp table members as
select row_number() over (order by created_at) as m, id, address from public.profiles;

-- Lines of orders first, so that orders can add them up.
create temp table basket as
select o, line, v.id as variant_id, 1 + pg_temp.rnd(o * 10 + line, 'how many', 3) as quantity, p.price + v.surcharge as unit_price
from generate_series(1, 7500) as o
cross join lateral generate_series(1, 1 + pg_temp.rnd(o, 'lines', 4)) as line
join public.product_variants as v on v.id = 1 + pg_temp.rnd(o * 10 + line, 'variant', 4760)
join public.products as p on p.id = v.product_id;

create temp table sales as
select o, 100000 + o as id, timestamptz '2023-06-08 07:30+00' + o * interval '166 minutes' as at,
  1 + pg_temp.rnd(o, 'member', least(1460, 15 + o / 5)) as m, subtotal
from (select o, sum(quantity * unit_price) as subtotal from basket group by o) as b;

-- June 2023 ends up in the default partition.
insert into public.orders (id, placed_at, profile_id, status, currency, subtotal, shipping, coupon_code, ship_to, client_ip, note)
select s.id, at, case when o % 31 > 0 then members.id end,
  (case
    when o > 7420 then (array['paid', 'packed', 'on hold', 'draft', 'shipped'])[1 + pg_temp.rnd(o, 'status', 5)]
    when o % 23 = 0 then 'returned'
    when o % 37 = 0 then 'cancelled'
    else 'delivered'
  end)::public.order_status,
  coalesce(c.currency, 'EUR'), subtotal, case when subtotal >= 150 then 0 else 4.9 + o % 4 end,
  case when o % 10 = 0 then (select code from public.coupons order by code offset o % 60 limit 1) end,
  case when o % 3 > 0 then address end,
  case when o % 6 = 0 then inet '2001:db8:5::' + o else inet '198.51.100.0' + pg_temp.rnd(o, 'ip', 256) end,
  case when o % 40 = 0 then pg_temp.pick(
    array['Please ring twice', E'Leave it\nwith the neighbour', 'Für Oma 🎁', 'C:\gifts\N', '\N'], o, 'note') end
from sales as s join members using (m) left join public.countries as c on c.code = (address).country
order by o;
select setval('public.order_no_seq', 107500);

insert into public.order_items (order_id, placed_at, variant_id, quantity, unit_price)
select id, at, variant_id, quantity, unit_price from basket join sales using (o) order by o, line;

insert into public.shipments (id, order_id, placed_at, warehouse_id, carrier, tracking_no, weight_kg, route, in_transit, delivered_at)
select md5('shipment ' || o)::uuid, s.id, at, 1 + o % 4, (enum_range(null::public.carrier))[1 + pg_temp.rnd(o, 'carrier', 5)],
  case when o % 19 > 0 then 'TRK' || lpad((o * 7919::bigint % 1000000007)::text, 10, '0') end, (200 + o % 9000) / 1000.0,
  path(format('[(%s,%s),(%s,%s)]', o % 40, o % 25, o % 13, 50 - o % 9)),
  pg_temp.rnd(o, 'transit', 9000) * interval '1 minute',
  at + interval '26 hours' + pg_temp.rnd(o, 'transit', 9000) * interval '1 minute'
from sales as s join public.orders using (id)
where status in ('delivered', 'returned') and o % 3 > 0 order by o;

insert into public.reviews (product_id, profile_id, rating, title, body, created_at)
select distinct on (v.product_id, m) v.product_id, case when o % 29 > 0 then members.id end, 5 - pg_temp.rnd(o, 'stars', 9) / 2,
  pg_temp.pick('{"Does what it should","Five stars from my camel","Too small","Survived a sandstorm",
    "Nie wieder!","すばらしい",Meh}', o, 'title'),
  case when o % 5 > 0 then pg_temp.pick(array[
    'We crossed the Karakum with it. Not a single seam gave in.', E'Pros:\t+ light\n\t+ warm\nCons:\t- the colour', 'ok',
    'Mein Kamel liebt es 🐫❤️', 'Arrived with a scratch, "as new" is something else \ got a refund',
    'Le tissu est très doux, l''odeur un peu moins.',
    'Would buy again. And again.', ''], o, 'body') end,
  at + interval '300 hours'
from basket join sales using (o) join members using (m) join public.product_variants as v on v.id = variant_id
where line = 1 and o % 3 <> 1 order by v.product_id, m, o;

insert into public.carts (id, profile_id, contents, expires_at)
select md5('cart ' || m)::uuid, case when m % 4 > 0 then id end,
  jsonb_build_array(jsonb_build_object('variant', m * 7, 'quantity', 1 + m % 3), jsonb_build_object('variant', m * 11, 'quantity', 1)),
  case when m % 5 > 0 then timestamptz '2025-11-01 00:00+00' + m * interval '1 hour' else 'infinity' end
from members where m <= 400 order by m;

insert into public.wishlists (id, profile_id, title, is_public)
select md5('wishlist ' || m)::uuid, id, pg_temp.pick('{"Wishes ✨","Trip to Merv","Für den Winter",Birthday}', m, 'wishlist'), m % 3 = 0
from members where m % 3 = 0 order by m;
insert into public.wishlist_items (wishlist_id, product_id, added_at)
select md5('wishlist ' || m)::uuid, 1000 + (m * 31 + k * 97) % 1200,
  timestamptz '2024-05-05 10:00+00' + (m * 5 + k) * interval '63 minutes'
from members cross join generate_series(1, 5) as k where m % 3 = 0 and k <= 2 + m % 4 order by m, k;

drop table ranges, members, basket, sales;
drop function pg_temp.pick(text[], bigint, text);
drop function pg_temp.rnd(bigint, text, integer);

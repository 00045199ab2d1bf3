-- Sample database of the demo, part 9 of 9: what stands on the tables: functions,
-- triggers, views, policies, grants, large objects, a publication, an event trigger.

-- Functions and triggers -----------------------------------------------------

-- Guards against: triggers that fire while rows are restored. With this one active,
-- restoring auth.users makes profiles, and restoring the profiles fails on their key.
create function public.handle_new_user() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.profiles (id, username, full_name)
  values (new.id, 'user_' || left(new.id::text, 8), coalesce(new.raw_user_meta_data ->> 'full_name', 'New here'));
  return new;
end
$$;
comment on function public.handle_new_user() is 'Every account gets a profile';
revoke execute on function public.handle_new_user() from public, anon, authenticated;
create trigger on_auth_user_created after insert on auth.users
  for each row execute function public.handle_new_user();

create function public.touch_updated_at() returns trigger
language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end
$$;
create trigger touch before update on public.profiles
  for each row when (old.* is distinct from new.*) execute function public.touch_updated_at();
create trigger touch before update of name, price, cost on public.products
  for each row execute function public.touch_updated_at();

-- Guards against: rows in the audit log about a restore.
create function public.write_audit() returns trigger
language plpgsql security definer set search_path = '' as $audit$
declare
  old_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  new_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
begin
  insert into public.audit_log (actor, action, table_name, row_key, before, after)
  values (current_user, left(tg_op, 1)::"char", format('%I.%I', tg_table_schema, tg_table_name),
    coalesce(new_row, old_row) ->> 'id', old_row - '{search,thumbnail}'::text[], new_row - '{search,thumbnail}'::text[]);
  return null; -- a comment; with a semicolon and $$ in it
end
$audit$;
create trigger audit after insert or update or delete on public.products
  for each row execute function public.write_audit();
create trigger audit after insert or update or delete on public.orders
  for each row execute function public.write_audit();
comment on trigger audit on public.orders is 'Applies to every partition';

-- Guards against: triggers that were switched off coming back to life.
create function public.refuse() returns trigger
language plpgsql as $$
begin
  raise exception '% on % is not wanted', tg_op, tg_table_name;
end
$$;
create trigger closed_for_stocktaking before insert or update on public.inventory
  for each statement execute function public.refuse();
alter table public.inventory disable trigger closed_for_stocktaking;
create trigger only_when_replicated before insert on public.coupons
  for each row execute function public.refuse();
alter table public.coupons enable replica trigger only_when_replicated;

-- Guards against: a dump cut at its semicolons, or at the first "end". The body of this
-- function is no string. (JDBC's splitter is one that stumbles: hence the "execute" here.)
do $do$
begin
  execute $create$
    create function public.order_total(order_no bigint, with_shipping boolean default true) returns numeric
    language sql stable
    begin atomic
      select count(*) from public.orders where id = order_no;
      select case when with_shipping then total else subtotal end from public.orders where id = order_no;
    end
  $create$;
end
$do$;
-- Guards against: functions told apart by their names alone.
create function public.order_total(orders_of uuid, out orders integer, out spent numeric)
language sql stable cost 500
as 'select count(*)::integer, coalesce(sum(total), 0) from public.orders where profile_id = orders_of';

create procedure billing.pay(invoice integer, on_day date)
language plpgsql security definer set search_path = billing, pg_temp as $$
begin
  update invoices set paid_on = on_day where id = invoice and paid_on is null;
  if not found then
    raise exception 'Invoice % is not open', invoice using hint = 'Is it paid already?';
  end if;
end
$$;
revoke execute on procedure billing.pay(integer, date) from public;
grant execute on procedure billing.pay(integer, date) to service_role;

create aggregate analytics.product_of(numeric) (sfunc = numeric_mul, stype = numeric, initcond = '1');
create collation "Lab & Archive".as_bytes from "C";
create text search configuration "Lab & Archive".shop (copy = pg_catalog.simple);
create index text_traps_value_idx on "Lab & Archive".text_traps (left(value, 100) collate "Lab & Archive".as_bytes);

-- Guards against: deletes that delete nothing. "delete" before a restore leaves the ledger full.
create rule the_ledger_stays as on delete to billing.ledger_entries do instead nothing;

-- Views ----------------------------------------------------------------------

-- Guards against: views restored before primary keys. Grouping by p.id alone takes the key
-- of products to be allowed.
create view public.catalogue with (security_invoker = true) as
select p.id, p.public_id, p.name, b.name as brand, c.name as category, p.price, p.tags,
  count(v.id) as variants, sum(i.available) as in_stock
from public.products as p
join public.brands as b on b.id = p.brand_id
join public.categories as c on c.id = p.category_id
left join public.product_variants as v on v.product_id = p.id
left join public.inventory as i on i.variant_id = v.id
where p.discontinued_on is null
group by p.id, b.name, c.name;
comment on view public.catalogue is 'What is for sale';

create recursive view public.category_paths (id, depth, path) as
  select id, 1, name from public.categories where parent_id is null
  union all
  select c.id, p.depth + 1, p.path || ' › ' || c.name
  from public.categories as c join category_paths as p on p.id = c.parent_id;

create view public.newsletter_readers with (security_barrier = true) as
select id, username, full_name, newsletter from public.profiles where newsletter
with cascaded check option;

create view public.order_notes as select id, placed_at, note from public.orders where note is not null;
create rule set_note as on update to public.order_notes
  do instead update public.orders set note = new.note where id = old.id and placed_at = old.placed_at;

create view billing.overdue as
select number, profile_id, gross, currency, due from billing.invoices where paid_on is null;

create materialized view analytics.daily_sales as
select (placed_at at time zone 'UTC')::date as day, currency, count(*) as orders, sum(total) as revenue
from public.orders
where status not in ('draft', 'cancelled')
group by 1, 2
with data;
create unique index daily_sales_key on analytics.daily_sales (day, currency);

-- Guards against: materialized views refreshed before those they read.
create materialized view analytics."A monthly report" as
select date_trunc('month', day::timestamp)::date as month, sum(orders) as orders, array_agg(distinct currency::text) as currencies
from analytics.daily_sales
group by 1
with data;
create view analytics.best_month as
select month, orders from analytics."A monthly report" order by orders desc, month limit 1;

create view "Lab & Archive"."View of ""odd"" names / всё" as
select "id", "Größe (cm)", "select", "a.b" as "a.b.c", "имя" from "Lab & Archive"."Wünsche/Ideen v1.0 ""final""";

-- Row level security ---------------------------------------------------------

alter table public.profiles enable row level security;
alter table public.customer_addresses enable row level security;
alter table public.orders enable row level security;
alter table public.products enable row level security;
alter table public.reviews enable row level security;
alter table public.support_tickets enable row level security;
alter table billing.invoices enable row level security;
-- Guards against: dumping as the owner of a table, who is shut out here as well.
alter table billing.payment_methods enable row level security;
alter table billing.payment_methods force row level security;

create policy "Profiles are seen by those they belong to" on public.profiles
  for select to authenticated using (auth.uid() = id);
create policy "Profiles are changed by those they belong to" on public.profiles
  for update to authenticated using (auth.uid() = id) with check (auth.uid() = id and loyalty_points >= 0);
create policy addresses_own on public.customer_addresses
  to authenticated using (profile_id = auth.uid()) with check (profile_id = auth.uid());
create policy orders_own on public.orders for select to authenticated using (profile_id = auth.uid());
create policy products_for_all on public.products for select to anon, authenticated
  using (discontinued_on is null or exists (select from public.profiles where id = auth.uid()));
create policy reviews_read on public.reviews for select using (true);
create policy reviews_write on public.reviews for insert to authenticated
  with check (profile_id = auth.uid() and rating between 1 and 5);
create policy "no ""anonymous"" reviews" on public.reviews as restrictive for insert
  with check (coalesce((auth.jwt() ->> 'is_anonymous')::boolean, false) = false);
create policy tickets_own on public.support_tickets to authenticated using (profile_id = auth.uid());
create policy invoices_own on billing.invoices for select to authenticated using (profile_id = auth.uid());
create policy methods_service on billing.payment_methods to service_role using (true);
comment on policy reviews_read on public.reviews is 'Praise is for everybody';

create policy "Avatars are public" on storage.objects for select using (bucket_id = 'avatars');
create policy "Own avatar only" on storage.objects for insert to authenticated
  with check (bucket_id = 'avatars' and (storage.foldername(name))[1] = auth.uid()::text);

-- Grants and comments --------------------------------------------------------

revoke all on public.audit_log, public.employees, public.contracts from anon, authenticated;
grant select (id, department_id, full_name) on public.employees to authenticated;
grant update (full_name, avatar_path, preferences) on public.profiles to authenticated;
grant select on billing.overdue to service_role with grant option;
grant usage on sequence billing.credit_note_no_seq to service_role;
revoke usage on type public.order_status from public;
grant usage on type public.order_status to authenticated, service_role;
revoke usage on domain public.email_address from public;
grant usage on domain public.email_address to authenticated, service_role;
grant select on all tables in schema "Lab & Archive" to service_role;

comment on column public.products.attributes is E'{"material": …}\nSee the wiki.';
comment on constraint sold_after_release on public.products is 'Nothing is taken off the shelf before it was on it';
comment on index public.products_search_idx is 'For the search box';
comment on type public.order_status is 'In the order an order passes them';
comment on sequence public.order_no_seq is 'Order numbers are printed on parcels: never twice';
comment on materialized view analytics.daily_sales is 'Refreshed at night';
comment on statistics public.inventory_stats is 'Planner was wrong by a factor of 400';

alter table public.carts replica identity full;
alter table public.orders_2024 cluster on orders_2024_pkey;
alter table public.audit_log set (autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_enabled = false);

-- Large objects --------------------------------------------------------------

-- Guards against: large objects left out (they belong to no table), with owner, grants
-- and comment. public.contracts.scan refers to them. One is empty.
select lo_from_bytea(900001, string_agg(decode(md5('scan ' || n), 'hex'), ''::bytea order by n))
from generate_series(1, 12000) as n;
select lo_from_bytea(900002, convert_to(E'%PDF-1.4 not really\n\\.\n\\N\tÜber die Wüste', 'UTF8'));
select lo_from_bytea(900003, '');
comment on large object 900001 is 'Contract 1, scanned';
grant select on large object 900001 to service_role;

-- The rest of the database ---------------------------------------------------

-- Guards against: membership of publications lost: changes would stop to arrive, silently.
-- (A warning about wal_level is fine: nobody subscribes to it here.)
create publication supabase_realtime
  for table public.orders, public.support_tickets, public.products (id, public_id, name, price)
  with (publish = 'insert, update', publish_via_partition_root = true);

-- Guards against: event triggers, which belong to no schema, left out. This one does nothing.
create function extensions.watch_ddl() returns event_trigger
language plpgsql as $$
begin
  return;
end
$$;
create event trigger watch_ddl on ddl_command_end when tag in ('CREATE EXTENSION') execute function extensions.watch_ddl();
comment on event trigger watch_ddl is 'Does nothing, on purpose';

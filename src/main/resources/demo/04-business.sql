-- Sample database of the demo, part 4 of 9: support, staff, billing and analytics.

-- Support --------------------------------------------------------------------

-- Partitioned by list, and one of the partitions again by hash.
-- Guards against: partitions of partitions left out.
create table public.support_tickets (
  id bigint not null,
  region text not null,
  profile_id uuid references public.profiles (id) on delete set null,
  subject text not null,
  status text not null default 'open' check (status in ('open', 'waiting', 'solved')),
  priority smallint not null default 3,
  answer_within interval not null default interval '1 day 4 hours',
  open_during tstzrange not null,
  labels text[],
  primary key (id, region)
) partition by list (region);
create table public.support_tickets_eu partition of public.support_tickets
  for values in ('eu', 'uk', 'ch') partition by hash (id);
create table public.support_tickets_eu_0 partition of public.support_tickets_eu
  for values with (modulus 2, remainder 0);
create table public.support_tickets_eu_1 partition of public.support_tickets_eu
  for values with (modulus 2, remainder 1);
create table public.support_tickets_americas partition of public.support_tickets
  for values in ('na', 'latam');
create table public.support_tickets_asia partition of public.support_tickets
  for values in ('mena', 'apac');
create table public.support_tickets_elsewhere partition of public.support_tickets default;

create table public.ticket_messages (
  id bigint generated always as identity primary key,
  ticket_id bigint not null,
  region text not null,
  from_customer boolean not null,
  body text not null,
  sent_at timestamptz not null,
  foreign key (ticket_id, region) references public.support_tickets (id, region) on delete cascade
);
create index ticket_messages_ticket_idx on public.ticket_messages (ticket_id, sent_at);

-- Guards against: no table ever waiting for a row, so that "nothing in it" and
-- "forgotten" look alike. This one has columns, defaults and an index, and no row.
create table public.returns_inbox (
  id uuid primary key default gen_random_uuid(),
  order_id bigint not null,
  reason text not null,
  photos text[] not null default '{}',
  received_at timestamptz not null default now()
);
create index returns_inbox_received_idx on public.returns_inbox (received_at);

-- Staff ----------------------------------------------------------------------

-- Guards against: foreign keys that go round in a circle (and to the same table).
create table public.departments (
  id serial primary key,
  name text not null unique,
  head_id integer
);
create table public.employees (
  id integer generated always as identity primary key,
  department_id integer not null references public.departments (id),
  manager_id integer references public.employees (id),
  full_name text not null,
  email public.email_address not null unique,
  hired date not null,
  salary numeric(9, 2) not null,
  skills text[] not null default '{}',
  desk macaddr8
);
alter table public.departments
  add constraint departments_head_fkey foreign key (head_id) references public.employees (id)
  deferrable initially deferred;

create table public.room_bookings (
  id integer generated always as identity primary key,
  room integer not null,
  during tstzrange not null,
  booked_by integer not null references public.employees (id),
  purpose text,
  constraint room_is_free exclude using gist (int4range(room, room, '[]') with &&, during with &&)
);

-- Guards against: rows of the children saved once more with their parent
-- ("select * from assets" shows them all).
create table public.assets (
  id serial primary key,
  name text not null,
  bought_on date not null,
  price numeric(10, 2) not null constraint price_not_negative check (price >= 0)
);
create table public.asset_vehicles (
  plate text not null unique,
  mileage_km integer,
  primary key (id)
) inherits (public.assets);
create table public.asset_laptops (
  serial_no text,
  mac macaddr,
  employee_id integer references public.employees (id),
  primary key (id)
) inherits (public.assets);

-- scan is the oid of a large object (they are made in part 9).
create table public.contracts (
  id smallserial primary key,
  supplier_id integer not null references public.suppliers (id),
  signed date not null,
  runs daterange not null,
  scan oid,
  sha256 bytea check (octet_length(sha256) = 32)
);

create table public.feature_flags (
  key text primary key,
  enabled boolean not null default false,
  rollout real not null default 0,
  rules jsonb not null default '[]',
  changed_by name
);

-- json, not jsonb: it keeps spaces, the order of keys and even double keys.
create table public.app_settings (
  namespace text not null,
  key text not null,
  value json,
  primary key (namespace, key)
);

create table public.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text,
  action "char" not null,
  table_name text not null,
  row_key text,
  before jsonb,
  after jsonb
);
create index audit_log_at_idx on public.audit_log using brin (at);

-- Billing --------------------------------------------------------------------

create table billing.plans (
  id text primary key,
  name text not null,
  monthly numeric(8, 2) not null,
  currency billing.currency_code not null,
  limits jsonb not null,
  trial interval
);

create table billing.subscriptions (
  id uuid primary key default gen_random_uuid(),
  profile_id uuid not null references public.profiles (id),
  plan_id text not null references billing.plans (id) on update cascade,
  active daterange not null,
  seats smallint not null default 1,
  cancelled_because text
);

create table billing.payment_methods (
  id uuid primary key default gen_random_uuid(),
  profile_id uuid not null references public.profiles (id),
  kind text not null check (kind in ('card', 'sepa', 'invoice')),
  last_digits char(4),
  expires date,
  is_default boolean not null default true
);

create table billing.invoices (
  id integer generated always as identity (start with 5000) primary key,
  number text not null unique generated always as ('OO-' || lpad(id::text, 7, '0')) stored,
  profile_id uuid not null references public.profiles (id),
  subscription_id uuid references billing.subscriptions (id),
  issued date not null,
  due date not null,
  paid_on date,
  currency billing.currency_code not null,
  net numeric(12, 2) not null,
  vat_rate numeric(4, 3) not null,
  gross numeric(12, 2) generated always as (round(net * (1 + vat_rate), 2)) stored,
  check (due >= issued)
);
create index invoices_unpaid_idx on billing.invoices (due) where paid_on is null;

create table billing.invoice_lines (
  invoice_id integer not null references billing.invoices (id) on delete cascade,
  line smallint not null,
  what text not null,
  quantity numeric(8, 3) not null,
  unit_price numeric(10, 4) not null,
  primary key (invoice_id, line)
);

create table billing.credit_notes (
  id integer primary key default nextval('billing.credit_note_no_seq'),
  invoice_id integer not null references billing.invoices (id),
  amount numeric(12, 2) not null check (amount > 0),
  reason text not null
);

create table billing.accounts (
  code text primary key,
  parent_code text references billing.accounts (code),
  name text not null
);
create table billing.ledger_entries (
  id bigint generated by default as identity primary key,
  booked_on date not null,
  account_code text not null references billing.accounts (code),
  invoice_id integer references billing.invoices (id),
  debit numeric(14, 2) not null default 0,
  credit numeric(14, 2) not null default 0,
  memo text,
  check ((debit = 0) <> (credit = 0))
);
create index ledger_entries_account_idx on billing.ledger_entries (account_code, booked_on);

-- Analytics ------------------------------------------------------------------

create table analytics.visits (
  id uuid primary key,
  profile_id uuid,
  started_at timestamptz not null,
  lasted interval not null,
  ip inet not null,
  user_agent text,
  landing_page text not null,
  campaign jsonb
);

create table analytics.events (
  id bigint generated always as identity primary key,
  visit_id uuid not null references analytics.visits (id) on delete cascade,
  at timestamptz not null,
  name text not null,
  props jsonb not null default '{}'
);
alter table analytics.events alter column props set storage external;
alter table analytics.events alter column name set statistics 500;
create index events_at_idx on analytics.events using brin (at) with (pages_per_range = 32);
create index events_props_idx on analytics.events using gin (props);
create statistics analytics.events_by_name_and_hour on name, (date_part('hour', at at time zone 'UTC'))
  from analytics.events;

create table analytics.search_queries (
  day date not null,
  phrase text not null,
  asked integer not null,
  found integer,
  parsed tsquery,
  primary key (day, phrase)
);

create table analytics.daily_metrics (
  day date not null,
  metric text not null,
  value double precision,
  primary key (day, metric)
);

create table analytics.experiments (
  id smallserial primary key,
  name text not null,
  variants text[] not null,
  runs tstzmultirange not null,
  won_by text
);
create table analytics.experiment_members (
  experiment_id smallint not null references analytics.experiments (id),
  visit_id uuid not null references analytics.visits (id) on delete cascade,
  variant text not null,
  primary key (experiment_id, visit_id)
);

-- What "supabase db push" keeps about migrations it has run.
create table supabase_migrations.schema_migrations (
  version text not null primary key,
  statements text[],
  name text
);

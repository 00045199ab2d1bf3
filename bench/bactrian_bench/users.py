"""The users of a Supabase project, as many as a large one has: into auth/users.json of a backup, and from there into another."""

import shutil
from contextlib import ExitStack

from . import alone, contestants, machine, programs, report, servers, steps

SOURCE, TARGET, CONTROL = "users", "users_target", "users_control"

ROLES = """
DO $$ BEGIN
    CREATE ROLE supabase_auth_admin; CREATE ROLE supabase_storage_admin;
EXCEPTION WHEN duplicate_object THEN NULL; END $$;
"""

# Of the auth service's tables what matters here: their columns by number and kind, and the indexes by user.
TABLES = """
CREATE SCHEMA auth;
CREATE TABLE auth.users (instance_id uuid, id uuid PRIMARY KEY, aud varchar(255), role varchar(255), email varchar(255),
    encrypted_password varchar(255), email_confirmed_at timestamptz, invited_at timestamptz,
    confirmation_token varchar(255), confirmation_sent_at timestamptz, recovery_token varchar(255),
    recovery_sent_at timestamptz, email_change_token_new varchar(255), email_change varchar(255),
    email_change_sent_at timestamptz, last_sign_in_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb,
    is_super_admin boolean, created_at timestamptz, updated_at timestamptz, phone text UNIQUE DEFAULT NULL,
    phone_confirmed_at timestamptz, phone_change text DEFAULT '', phone_change_token varchar(255) DEFAULT '',
    phone_change_sent_at timestamptz,
    confirmed_at timestamptz GENERATED ALWAYS AS (LEAST(email_confirmed_at, phone_confirmed_at)) STORED,
    email_change_token_current varchar(255) DEFAULT '', email_change_confirm_status smallint DEFAULT 0,
    banned_until timestamptz, reauthentication_token varchar(255) DEFAULT '', reauthentication_sent_at timestamptz,
    is_sso_user boolean NOT NULL DEFAULT false, deleted_at timestamptz, is_anonymous boolean NOT NULL DEFAULT false);
ALTER TABLE auth.users OWNER TO supabase_auth_admin;
CREATE UNIQUE INDEX ON auth.users (email) WHERE is_sso_user = false;
CREATE INDEX ON auth.users (instance_id, lower(email));
CREATE TABLE auth.identities (provider_id text NOT NULL, user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
    identity_data jsonb NOT NULL, provider text NOT NULL, last_sign_in_at timestamptz, created_at timestamptz,
    updated_at timestamptz, email text GENERATED ALWAYS AS (lower(identity_data ->> 'email')) STORED,
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), UNIQUE (provider_id, provider));
CREATE INDEX ON auth.identities (user_id);
CREATE TABLE auth.mfa_factors (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
    friendly_name text, factor_type text NOT NULL, status text NOT NULL, created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL, secret text, phone text, last_challenged_at timestamptz UNIQUE);
CREATE INDEX ON auth.mfa_factors (user_id, created_at);
"""

ROWS = """
INSERT INTO auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, confirmation_token,
        recovery_token, email_change_token_new, email_change, last_sign_in_at, raw_app_meta_data, raw_user_meta_data,
        created_at, updated_at)
SELECT '00000000-0000-0000-0000-000000000000', md5(n::text)::uuid, 'authenticated', 'authenticated',
       'user' || n || '@example.com', '$2a$10$' || left(md5(n::text) || md5('x' || n), 53), now(), '', '', '', '', now(),
       '{{"provider": "email", "providers": ["email"]}}',
       jsonb_build_object('sub', md5(n::text)::uuid, 'email', 'user' || n || '@example.com', 'name', 'Üser ' || n,
           'avatar_url', 'https://example.com/' || md5(n::text), 'email_verified', true), now(), now()
  FROM generate_series(1, {users}) n;
INSERT INTO auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at)
SELECT id::text, id, raw_user_meta_data, 'email', now(), now(), now() FROM auth.users;
INSERT INTO auth.mfa_factors (id, user_id, friendly_name, factor_type, status, created_at, updated_at, secret)
SELECT gen_random_uuid(), id, 'phone', 'totp', 'verified', now(), now(), 'JBSWY3DPEHPK3PXP'
  FROM auth.users WHERE get_byte(uuid_send(id), 0) < 26;
VACUUM ANALYZE auth.users, auth.identities, auth.mfa_factors;
"""

DIGEST = ("SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)) FROM auth.users t UNION ALL "
          "SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)) FROM auth.identities t UNION ALL "
          "SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)) FROM auth.mfa_factors t")


def arguments(argv):
    parser = alone.parser("users", __doc__)
    parser.add_argument("--users", type=int, default=1_000_000, metavar="N", help="how many (default: 1000000)")
    args = parser.parse_args(argv)
    if args.users < 1:
        parser.error("--users must be positive.")
    return args


def main(argv):
    args = arguments(argv)
    found, folder = alone.prepare(args)
    with ExitStack() as stack:
        server = stack.enter_context(servers.Postgres(found, folder))
        s3 = stack.enter_context(servers.S3(found, folder))
        _make_databases(server, args.users)
        work = folder / "users-work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        env = contestants.BACTRIAN.env(found, s3, server.url(SOURCE), server.url(CONTROL), work)
        env["DATABASE_URL_TARGET"] = server.url(TARGET)
        runs = (("a backup without auth/users.json", {"BACKUP_AUTH_USERS": "false"}, ("backup",)),
                ("a backup with it", {}, ("backup",)),
                ("`./bactrian import-users latest`", {}, ("import-users", "latest:default", "--to", "target")))
        measured = steps.run(runs, env, work, folder / "users.log")
        wrong = server.sql(SOURCE, DIGEST) != server.sql(TARGET, DIGEST)
        for name in (SOURCE, TARGET, CONTROL):
            server.sql("postgres", f"DROP DATABASE {name}")
        shutil.rmtree(work, ignore_errors=True)
        s3.empty()
    if wrong:
        raise programs.BenchError("The imported rows aren't those that were saved.")
    text = table(measured, args.users) + f"\n{machine.text(found)}"
    print(text, flush=True)
    if args.out:
        report.put(args.out, "users", text)


def table(measured, users):
    """What each took."""
    lines = [f"### users: {users:,} users of a Supabase project, {contestants.HEAP}", "",
             "| | seconds | CPU seconds | peak memory of Java, MB |", "|---|---|---|---|"]
    lines += [steps.row(step) for step in measured]
    return "\n".join(lines) + "\n"


def _make_databases(server, users):
    server.sql("postgres", ROLES)
    for name in (SOURCE, TARGET, CONTROL):
        server.sql("postgres", f"DROP DATABASE IF EXISTS {name}")
        server.sql("postgres", f"CREATE DATABASE {name}")
    for name in (SOURCE, TARGET):
        server.sql(name, TABLES)
    server.sql(SOURCE, ROWS.format(users=users))

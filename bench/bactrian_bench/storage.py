"""The files of a Supabase project, very many small ones and a very large one: into the archive, and read again from there."""

import shutil
from contextlib import ExitStack

from . import alone, contestants, machine, report, servers, steps
from .steps import MB
from .users import ROLES

SOURCE, CONTROL = "files", "files_control"
SMALL = 1_000

TABLES = """
CREATE SCHEMA storage;
CREATE TABLE storage.buckets (id text PRIMARY KEY, name text NOT NULL, public boolean DEFAULT false);
CREATE TABLE storage.objects (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), bucket_id text REFERENCES storage.buckets,
    name text, owner uuid, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(),
    last_accessed_at timestamptz DEFAULT now(), metadata jsonb, version text, owner_id text, user_metadata jsonb);
CREATE UNIQUE INDEX bucketid_objname ON storage.objects (bucket_id, name);
ALTER TABLE storage.buckets OWNER TO supabase_storage_admin;
ALTER TABLE storage.objects OWNER TO supabase_storage_admin;
"""

ROWS = """
INSERT INTO storage.buckets (id, name) VALUES ('files', 'files');
INSERT INTO storage.objects (bucket_id, name, version, metadata)
SELECT 'files', 'folder-' || n % 100 || '/file-' || n || '.bin', md5(n::text),
       '{{"eTag": "\\"bench\\"", "size": {small}, "mimetype": "application/octet-stream", "cacheControl": "no-cache"}}'::jsonb
  FROM generate_series(1, {files}) n
UNION ALL
SELECT 'files', 'large', 'large',
       '{{"eTag": "\\"bench\\"", "size": {large}, "mimetype": "video/mp4", "cacheControl": "no-cache"}}'::jsonb WHERE {large} > 0;
VACUUM ANALYZE storage.objects;
"""


def arguments(argv):
    parser = alone.parser("storage", __doc__)
    parser.add_argument("--files", type=int, default=100_000, metavar="N", help="how many of 1 KB (default: 100000)")
    parser.add_argument("--large", type=int, default=5_000_000_000, metavar="BYTES",
                        help="size of the large one (default: 5 GB; 0 for none)")
    args = parser.parse_args(argv)
    if args.files < 1 or args.large < 0:
        parser.error("--files must be positive, --large not negative.")
    return args


def main(argv):
    args = arguments(argv)
    found, folder = alone.prepare(args)
    with ExitStack() as stack:
        server = stack.enter_context(servers.Postgres(found, folder))
        s3 = stack.enter_context(servers.S3(found, folder))
        files = stack.enter_context(servers.JavaServer(found, folder, "FilesServer", SMALL, args.large, heap="-Xmx128m"))
        _make_databases(server, args)
        work = folder / "storage-work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        env = contestants.BACTRIAN.env(found, s3, server.url(SOURCE), server.url(CONTROL), work)
        # A second archive under latest/ would cost the disk as much again, and measure the S3 server.
        env |= {"SUPABASE_URL": f"http://127.0.0.1:{files.port}", "SUPABASE_SERVICE_ROLE_KEY": "sb_secret_of-the-bench",
                "S3_LATEST": "pointer"}
        runs = (("a backup", {}, ("backup",)),
                ("`./bactrian verify --archive-only latest`", {}, ("verify", "--archive-only", "latest")),
                ("a backup by `BACKUP_STORAGE_INCREMENTAL=true`", {"BACKUP_STORAGE_INCREMENTAL": "true"}, ("backup",)))
        measured = steps.run(runs, env, work, folder / "storage.log")
        for name in (SOURCE, CONTROL):
            server.sql("postgres", f"DROP DATABASE {name}")
        shutil.rmtree(work, ignore_errors=True)
        s3.empty()
    text = table(measured, args.files, args.large) + f"\n{machine.text(found)}"
    print(text, flush=True)
    if args.out:
        report.put(args.out, "storage", text)


def table(measured, files, large):
    """What each took."""
    one = f" and one of {large / MB:,.0f} MB" if large else ""
    lines = [f"### storage: {files:,} files of 1 KB{one}, {contestants.HEAP}", "",
             "| | seconds | CPU seconds | peak memory of Java, MB | work folder, MB |", "|---|---|---|---|---|"]
    lines += [f"{steps.row(step)} {step.measured.work / MB:.0f} |" for step in measured]
    return "\n".join(lines) + "\n"


def _make_databases(server, args):
    server.sql("postgres", ROLES)
    for name in (SOURCE, CONTROL):
        server.sql("postgres", f"DROP DATABASE IF EXISTS {name}")
        server.sql("postgres", f"CREATE DATABASE {name}")
    server.sql(SOURCE, TABLES)
    server.sql(SOURCE, ROWS.format(files=args.files, small=SMALL, large=args.large))

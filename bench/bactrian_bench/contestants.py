"""Who is compared: Bactrian as it is started by hand, and what people use without it. All get the same database, bucket and PATH."""

import os
from dataclasses import dataclass, field, replace

from .programs import ROOT
from .servers import ACCESS_KEY, BUCKET, SECRET_KEY

HEAP = "-Xmx256m"
COPY = 'aws s3 cp --only-show-errors --endpoint-url "$ENDPOINT" "$@"'

DUMP_TO_FILE = 'pg_dump -Fc -f backup.dump "$DATABASE"'
DUMP_TO_S3 = f'pg_dump -Fc "$DATABASE" | upload - "s3://{BUCKET}/backup.dump"'
DUMP_FROM_S3 = f'download "s3://{BUCKET}/backup.dump" backup.dump && pg_restore -j2 -d "$DATABASE" backup.dump'
FOLDER_TO_FILES = 'pg_dump -Fd -j4 -Z1 -f backup "$DATABASE"'
FOLDER_TO_S3 = f'pg_dump -Fd -j2 -Z1 -f backup "$DATABASE" && tar -c backup | upload - "s3://{BUCKET}/backup.tar"'

# What hand-made scripts do: a folder per table, two pg_dump for each, one after the other, then a zip, then the upload.
# With a part of the tables it leaves out the upload, whose start mustn't be counted once for each such part.
LOOP = f"""
psql -XqAt -d "$DATABASE" -c "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename LIMIT $TABLES" |
while read -r table; do
  mkdir -p "backup/public/tables/$table"
  pg_dump --schema-only -t "public.\\"$table\\"" -f "backup/public/tables/$table/schema.sql" "$DATABASE"
  pg_dump --data-only -t "public.\\"$table\\"" -f "backup/public/tables/$table/data.sql" "$DATABASE"
done
zip -qr backup.zip backup
if [ "$TABLES" = ALL ]; then upload backup.zip "s3://{BUCKET}/backup.zip"; fi
"""


@dataclass(frozen=True)
class Contestant:
    name: str
    what: str
    script: str = ""  # none: Bactrian
    settings: dict = field(default_factory=dict)
    service: bool = False  # asked over HTTP while it runs
    one_of: int = 0  # so many tables gets another row version before the backup that is measured; 0 for none
    tables: int = 0  # how many it does before the rest is calculated; 0 for all
    arguments: tuple = ("backup",)  # Bactrian's
    table: str = ""  # the only one that it restores
    indexes: bool = True  # whether they come back with their tables

    @property
    def is_bactrian(self):
        return not self.script

    def command(self):
        if self.is_bactrian:
            return [ROOT / "bactrian", *self.arguments]
        return ["bash", "-c", f"set -euo pipefail\nupload() {{ {COPY}; }}\ndownload() {{ {COPY}; }}\n{self.script}"]

    def env(self, programs, s3, database, control, work):
        """Nothing but this: a setting of the shell that runs the bench would be compared, too."""
        env = {name: os.environ[name] for name in ("HOME", "USER", "JAVA_HOME", "LD_LIBRARY_PATH") if name in os.environ}
        env |= {"PATH": programs.path(), "LC_ALL": "C.UTF-8", "TMPDIR": str(work)}
        env |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
                "AWS_EC2_METADATA_DISABLED": "true"}
        if self.is_bactrian:
            env |= {"DATABASE_URL": database, "CONTROL_DATABASE_URL": control, "WORK_DIR": str(work),
                    "PG_BIN": str(programs.pg_bin), "S3_BUCKET": BUCKET, "S3_ENDPOINT": s3.endpoint,
                    "S3_PATH_STYLE": "true", "BACTRIAN_JAVA_OPTS": HEAP, "BACTRIAN_INSTALL": "no",
                    # The others keep one copy, too. What a second one costs: --variant latest:S3_LATEST=copy.
                    "S3_LATEST": "pointer"}
        else:
            env |= {"DATABASE": database, "ENDPOINT": s3.endpoint, "TABLES": str(self.tables or "ALL"),
                    "AWS_DEFAULT_REGION": "us-east-1", "AWS_CONFIG_FILE": os.devnull,
                    "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        return env | self.settings


BACTRIAN = Contestant("bactrian", f"`./bactrian backup`, {HEAP}")
SERVICE = Contestant("service", f"a running `./bactrian serve`, {HEAP}, from request to success", service=True)
SERVICE_IN_PARTS = replace(SERVICE, name="service-parts", what="the same with `BACKUP_SPLIT_ABOVE=1GB`",
                           settings={"BACKUP_SPLIT_ABOVE": "1GB"})
SERVICE_UNCHANGED = replace(SERVICE, name="service-unchanged", one_of=20, settings={"BACKUP_UNCHANGED": "reuse", "BACKUP_FULL_EVERY": "1000"},
                            what="the same with `BACKUP_UNCHANGED=reuse`, one table in 20 changed since the backup before")
FILE = Contestant("fc", "`pg_dump -Fc`, to a file, no upload", DUMP_TO_FILE)
PIPE = Contestant("fc-s3", "`pg_dump -Fc \\| aws s3 cp -`", DUMP_TO_S3)
FILES = Contestant("fd", "`pg_dump -Fd -j4 -Z1`, to a folder, no upload", FOLDER_TO_FILES)
FOLDER = Contestant("fd-s3", "`pg_dump -Fd -j2 -Z1`, then `tar \\| aws s3 cp -`", FOLDER_TO_S3)

RESTORE = Contestant("bactrian", f"`./bactrian restore --jobs 2`, {HEAP}",
                     arguments=("restore", "latest", "--to", "default", "--jobs", "2"))
PG_RESTORE_ANALYZED = Contestant("pg-restore-z", "`aws s3 cp`, then `pg_restore -j2`, then `vacuumdb -Z -j2`",
                                 DUMP_FROM_S3 + ' && vacuumdb -q -Z -j2 -d "$DATABASE"')
PG_RESTORE = Contestant("pg-restore", "`aws s3 cp`, then `pg_restore -j2`", DUMP_FROM_S3)


def restore_one(table):
    return replace(RESTORE, what=f"`./bactrian restore --table`, {HEAP}", table=table,
                   arguments=(*RESTORE.arguments, "--table", f"public.{table}"))


def pg_restore_one(table):
    return replace(PG_RESTORE, what="`aws s3 cp`, then `pg_restore -t`, which leaves out the indexes",
                   script=DUMP_FROM_S3.replace("-j2", f"-t {table}"), table=table, indexes=False)


def loop(tables=0):
    return Contestant("loop", "shell loop: two `pg_dump -t` per table, zip, `aws s3 cp`", LOOP, tables=tables)


def variants(texts):
    """`name:SETTING=value`, the same name again for more settings, to Bactrians that have them."""
    settings = {}
    for text in texts:
        name, _, setting = text.partition(":")
        key, equals, value = setting.partition("=")
        if not (name and key and equals):
            raise ValueError(f"--variant {text}: give it as name:SETTING=value, such as java17:BACTRIAN_JAVA=/usr/lib/jvm/…")
        settings.setdefault(name, {})[key] = value
    return [_variant(name, given) for name, given in settings.items()]


def _variant(name, settings):
    """A name that begins with service is a running one's."""
    service = name.startswith(SERVICE.name)
    said = ", ".join(f"`{key}={value}`" for key, value in settings.items())
    return Contestant(name if service else f"bactrian-{name}",
                      f"{'a running service' if service else '`./bactrian backup`'} with {said}",
                      service=service, settings=settings)


def as_restore(variant, restore):
    """A variant of what is measured where restores are."""
    return replace(variant, what=variant.what.replace("backup", "restore"), arguments=restore.arguments, table=restore.table)

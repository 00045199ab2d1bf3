#!/bin/sh
# Loads every table's data.sql of this archive (a large table has several): first those of extensions, then all others. Of an extension's table, only the
# rows that the extension leaves to its users are loaded, as pg_dump and pg_restore do; the others it made itself.
# Usage: sh load-data.sh "postgresql://user@host:port/database"
set -eu
target=${1:?usage: sh load-data.sh TARGET}

# Names in double quotes, each of which is doubled inside of a name.
name='"([^"]|"")*"\."([^"]|"")*"'

run() { psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 "$@"; }

# The rows wait in a temporary table, where the extension's condition chooses; those that are there already stay as they are.
load_extension() {
    copy=$(LC_ALL=C sed -n '/^COPY /{p;q;}' "$1")
    table=$(printf '%s\n' "$copy" | LC_ALL=C sed -E "s/^COPY ($name).*/\1/")
    columns=$(printf '%s\n' "$copy" | LC_ALL=C sed -E "s/^COPY $name \((.*)\) FROM stdin;$/\3/")
    there=$(printf '%s' "SELECT pg_catalog.to_regclass(:'table') IS NOT NULL" | run --tuples-only --no-align --set="table=$table" "$target" -f -)
    if [ "$there" != t ]; then
        echo "$table isn't there: its extension doesn't make it. db/extensions.json has the statement. $1 isn't loaded." >&2
        return 0
    fi
    {
        echo 'BEGIN; CREATE TEMPORARY TABLE bactrian_rows ON COMMIT DROP AS SELECT :columns FROM ONLY :table WITH NO DATA;'
        LC_ALL=C sed -E "1,/^COPY /s/^COPY $name /COPY pg_temp.bactrian_rows /" "$1"
        cat <<'SQL'
SELECT pg_catalog.format('INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM (SELECT * FROM pg_temp.bactrian_rows %3$s) n'
         ' WHERE ROW(%2$s)::text NOT IN (SELECT ROW(%2$s)::text FROM ONLY %1$s)', :'table', :'columns', u.condition)
  FROM pg_catalog.pg_extension e, LATERAL unnest(e.extconfig, e.extcondition) AS u (relation, condition)
 WHERE u.relation = :'table'::pg_catalog.regclass \gexec
COMMIT;
SQL
    } | run --output=/dev/null --set="table=$table" --set="columns=$columns" "$target" -f -
}

# They may refer to each other: those that fail are tried again as long as another one goes well.
waiting=$(sed -n 's/^extension //p' db/data-files.txt)
while [ -n "$waiting" ]; do
    failed=''
    for file in $waiting; do
        load_extension "$file" || failed="$failed $file"
    done
    if [ "$(echo $failed)" = "$(echo $waiting)" ]; then
        echo "Loading$failed failed; no other table is loaded." >&2
        exit 1
    fi
    waiting=$failed
done

sed '/^extension /d' db/data-files.txt | while IFS= read -r file; do
    run --output=/dev/null "$target" -f "$file" || {
        echo "Loading $file failed; the tables before it are loaded." >&2
        exit 1
    }
done
echo "All rows are loaded."

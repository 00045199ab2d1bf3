#!/bin/sh
# Loads every table's data.sql of this archive, but for those of extensions, which their extensions fill.
# Usage: sh load-data.sh "postgresql://user@host:port/database"
set -eu
target=${1:?usage: sh load-data.sh TARGET}
while IFS= read -r file; do
    psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --output=/dev/null "$target" -f "$file" || {
        echo "Loading $file failed; the tables before it are loaded." >&2
        exit 1
    }
done < db/data-files.txt
echo "All rows are loaded."

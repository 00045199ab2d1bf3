package dev.bactrian.dump.instant;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether roles that the saved database needs are missing among those that were saved: pg_dumpall reads them as
 * they are now.
 */
final class RoleChanges {

    /** Owners, and roles in grants and policies, of this database's objects (PostgreSQL manual, "pg_shdepend"). */
    private static final String NEEDED =
            """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_shdepend s
                            WHERE s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
                              AND s.refobjid = CAST(? AS pg_catalog.oid)
                              AND s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d
                                             WHERE d.datname = pg_catalog.current_database()))""";

    private final Fingerprint then;
    private final RowChanges.SnapshotReader snapshot;

    RoleChanges(Fingerprint then, RowChanges.SnapshotReader snapshot) {
        this.then = then;
        this.snapshot = snapshot;
    }

    /** The first one that was dropped or renamed; null where none was. */
    @Nullable
    ConcurrentChange first(Fingerprint now) throws SQLException {
        for (Fingerprint.Item role : then.all("pg_roles")) {
            Fingerprint.Item other = now.get("pg_roles", role.oid());
            if ((other == null || !other.name().equals(role.name())) && isNeeded(role)) {
                return new ConcurrentChange(new Words(then).named(role), Words.done(role, other), false);
            }
        }
        return null;
    }

    private boolean isNeeded(Fingerprint.Item role) throws SQLException {
        return snapshot.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(NEEDED)) {
                statement.setLong(1, role.oid());
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() && row.getBoolean(1);
                }
            }
        });
    }
}

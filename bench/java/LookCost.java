package dev.bactrian.dump.instant;

import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.postgres.Snapshot;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Arrays;

/**
 * Looks some times whether anything was changed that a snapshot doesn't cover, as a backup does, and prints the median of the
 * seconds that a look takes. Argument: the database's URL.
 */
final class LookCost {

    private static final int LOOKS = 9;

    private LookCost() {}

    public static void main(String[] args) throws Exception {
        DatabaseUrl url = DatabaseUrl.parse(args[0]);
        double[] seconds = new double[LOOKS];
        try (Snapshot snapshot = Snapshot.export(url);
                Connection fresh = DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties())) {
            SessionSettings.use(fresh);
            CatalogState first = CatalogState.read(fresh, snapshot.getBounds());
            for (int i = 0; i < LOOKS; i++) {
                long start = System.nanoTime();
                CatalogState state = CatalogState.read(fresh, snapshot.getBounds());
                seconds[i] = (System.nanoTime() - start) / 1e9;
                if (!state.equals(first)) {
                    throw new IllegalStateException("The database was changed meanwhile");
                }
            }
        }
        Arrays.sort(seconds);
        System.out.println(seconds[LOOKS / 2]);
    }
}

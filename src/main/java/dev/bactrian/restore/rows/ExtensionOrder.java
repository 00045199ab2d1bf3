package dev.bactrian.restore.rows;

import dev.bactrian.restore.LoadOrder;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.Rounds;
import dev.bactrian.restore.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.apache.camel.ExchangeProperty;

/**
 * In which order rows go into tables that extensions made. Known only once the extensions are there: the archive doesn't
 * say what these tables refer to.
 */
public final class ExtensionOrder {

    /** An extension's after those of the extensions it requires; what its tables refer to comes first. */
    public Rounds<TableLoad> begin(
            @ExchangeProperty("target") Target target, @ExchangeProperty("plan") RestorePlan plan) throws SQLException {
        return new Rounds<>(tables(target, plan));
    }

    /** Those that couldn't be filled without the rows of other tables. */
    public Rounds<TableLoad> goOn(@ExchangeProperty("rounds") Rounds<TableLoad> rounds) {
        return new Rounds<>(rounds.left());
    }

    private static List<TableLoad> tables(Target target, RestorePlan plan) throws SQLException {
        if (plan.extensionTables().isEmpty()) {
            return List.of();
        }
        try (Connection connection = target.connection()) {
            // None can be made before those that it requires.
            List<String> extensions =
                    Target.texts(connection, "SELECT extname FROM pg_catalog.pg_extension ORDER BY oid");
            List<TableLoad> tables = plan.extensionTables().stream()
                    .sorted(Comparator.comparingInt(
                            table -> extensions.indexOf(table.part().extension())))
                    .toList();
            return LoadOrder.byReferences(connection, tables).loads();
        }
    }
}

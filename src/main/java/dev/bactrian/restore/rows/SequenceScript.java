package dev.bactrian.restore.rows;

import dev.bactrian.postgres.script.SqlToken;
import dev.bactrian.postgres.script.SqlToken.Kind;
import dev.bactrian.postgres.script.StatementReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads db/sequences.sql of an archive: two settings, then one {@code SELECT pg_catalog.setval('"s"."n"', 12, true);} per
 * sequence. Nothing of it is ever run as it stands: an archive may come from anywhere.
 */
public final class SequenceScript {

    private static final String FILE = "db/sequences.sql";

    /**
     * What a sequence is to be set to.
     *
     * @param called whether the value was given out already, as setval's third parameter
     */
    public record Value(String schema, String name, long value, boolean called) {}

    private SequenceScript() {}

    /**
     * The values in the order of the script.
     *
     * @throws IOException when anything else is in it, or it ends inside a statement
     */
    public static List<Value> parse(String text) throws IOException {
        List<Value> values = new ArrayList<>();
        StatementReader.each(FILE, text, statement -> {
            if (!isSetting(statement)) {
                values.add(value(statement));
            }
            statement.require(statement.atEnd());
        });
        return List.copyOf(values);
    }

    private static boolean isSetting(StatementReader statement) throws IOException {
        if (statement.skip("SELECT", "pg_catalog", ".", "set_config", "(")) {
            statement.require(statement.string().value().equals("search_path")
                    && statement.skip(",")
                    && statement.string().value().isEmpty()
                    && statement.skip(",", "false", ")"));
            return true;
        }
        return statement.skip("SET", "standard_conforming_strings", "=", "on");
    }

    private static Value value(StatementReader statement) throws IOException {
        statement.require(statement.skip("SELECT", "pg_catalog", ".", "setval", "("));
        SqlToken sequence = statement.next();
        statement.require(sequence.isPlainString());
        List<SqlToken> name = SqlToken.all(sequence.value());
        statement.require(name.size() == 3
                && name.get(0).kind() == Kind.QUOTED
                && name.get(1).is(".")
                && name.get(2).kind() == Kind.QUOTED);
        statement.require(statement.skip(","));
        long value = statement.number();
        statement.require(statement.skip(","));
        boolean called = statement.skip("true");
        statement.require(called || statement.skip("false"));
        statement.require(statement.skip(")"));
        return new Value(name.get(0).value(), name.get(2).value(), value, called);
    }
}

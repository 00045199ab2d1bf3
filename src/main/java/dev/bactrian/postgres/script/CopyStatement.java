package dev.bactrian.postgres.script;

import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The COPY statement before a table's rows, with every identifier quoted. */
public record CopyStatement(String schema, String table, List<String> columns) {

    private static final String NAME = "\"((?:[^\"]|\"\")*+)\"";
    private static final Pattern FORM =
            Pattern.compile("COPY " + NAME + "\\." + NAME + " +(?:\\((.*)\\) )?FROM stdin;", Pattern.DOTALL);
    /** Archives from before 1.0 don't quote what needn't be, in tables of extensions. */
    private static final Pattern COLUMN = Pattern.compile("(?:, )?(?:" + NAME + "|([a-z_][a-z0-9_]*))", Pattern.DOTALL);

    /**
     * Reads one.
     *
     * @throws IOException for anything but a table, a list of columns and {@code FROM stdin}
     */
    public static CopyStatement parse(String statement) throws IOException {
        Matcher form = FORM.matcher(statement);
        if (!form.matches()) {
            throw unknown();
        }
        return new CopyStatement(unquote(form.group(1)), unquote(form.group(2)), columns(form.group(3)));
    }

    /** The table whose rows follow. */
    public Relation.Named target() {
        return new Relation.Named(schema, table);
    }

    private static List<String> columns(@Nullable String given) throws IOException {
        String list = given == null ? "" : given;
        List<String> columns = new ArrayList<>();
        Matcher column = COLUMN.matcher(list);
        int at = 0;
        while (column.find() && column.start() == at) {
            columns.add(column.group(2) == null ? unquote(column.group(1)) : column.group(2));
            at = column.end();
        }
        if (at != list.length()) {
            throw unknown();
        }
        return List.copyOf(columns);
    }

    private static IOException unknown() {
        return new UnexpectedScriptException("A COPY statement was printed in an unknown form");
    }

    private static String unquote(String name) {
        return name.replace("\"\"", "\"");
    }
}

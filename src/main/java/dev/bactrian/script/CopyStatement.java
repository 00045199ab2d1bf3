package dev.bactrian.script;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The COPY statement before a table's rows, with every identifier quoted. */
public record CopyStatement(String schema, String table) {

    private static final String NAME = "\"((?:[^\"]|\"\")*)\"";
    private static final Pattern FORM =
            Pattern.compile("COPY " + NAME + "\\." + NAME + " .*FROM stdin;", Pattern.DOTALL);

    public static CopyStatement parse(String statement) throws IOException {
        Matcher form = FORM.matcher(statement);
        if (!form.matches()) {
            throw new IOException("pg_dump printed a COPY statement in an unknown form");
        }
        return new CopyStatement(unquote(form.group(1)), unquote(form.group(2)));
    }

    private static String unquote(String name) {
        return name.replace("\"\"", "\"");
    }
}

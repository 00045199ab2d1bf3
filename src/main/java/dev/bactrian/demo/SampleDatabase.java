package dev.bactrian.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/** A made-up shop on a made-up Supabase project: about 100,000 rows of every kind of table PostgreSQL has. */
public final class SampleDatabase {

    private static final List<String> FILES = List.of(
            "01-roles.sql",
            "02-auth-storage.sql",
            "03-app.sql",
            "04-business.sql",
            "05-oddities.sql",
            "06-data-accounts.sql",
            "07-data-shop.sql",
            "08-data-business.sql",
            "09-views-policies.sql");

    private SampleDatabase() {}

    /** Loads it into an empty database, as a superuser. */
    public static void load(DataSource empty) throws SQLException, IOException {
        try (Connection connection = empty.getConnection();
                Statement statement = connection.createStatement()) {
            for (String file : FILES) {
                statement.execute(text(file));
            }
        }
    }

    private static String text(String file) throws IOException {
        String name = "/demo/" + file;
        try (InputStream in = Objects.requireNonNull(SampleDatabase.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

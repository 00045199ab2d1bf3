package dev.bactrian.history;

import dev.bactrian.postgres.SessionSettings;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.flywaydb.core.api.CoreMigrationType;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.executor.MigrationExecutor;
import org.flywaydb.core.api.resolver.MigrationResolver;
import org.flywaydb.core.api.resolver.ResolvedMigration;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.core.extensibility.MigrationType;
import org.flywaydb.core.internal.jdbc.Results;

/**
 * The files in {@code db/migration}, for Flyway: known to it by the same checksums as ever, but run with the schema of each
 * table written in front of it, and with {@code pg_catalog} alone as the path. Flyway itself puts the schema in front of the
 * path (PostgreSQLConnection.changeCurrentSchemaTo), which can't be turned off; nothing is looked up under that path before
 * the migration sets its own.
 */
final class HistoryMigrations implements MigrationResolver {

    private static final Pattern TAKEN_OVER = Pattern.compile("CREATE TABLE IF NOT EXISTS (\\w+)");
    private static final Pattern FILE = Pattern.compile("V(\\d+)__(\\w+)\\.sql");

    /** How many files there are. */
    static final int FILES = 14;

    private final HistorySchema schema;
    private final HistoryGuard guard;

    HistoryMigrations(HistorySchema schema, HistoryGuard guard) {
        this.schema = schema;
        this.guard = guard;
    }

    @Override
    public Collection<ResolvedMigration> resolveMigrations(Context context) {
        List<ResolvedMigration> all = new ArrayList<>();
        for (LoadableResource file : context.resourceProvider.getResources("V", new String[] {".sql"})) {
            all.add(new Migration(file.getFilename(), text(file), schema, guard));
        }
        // Flyway expects them in this order.
        all.sort(Comparator.comparing(ResolvedMigration::getVersion));
        return all;
    }

    /** The checksum of the file of this name, as it is in this version. */
    static int checksum(String file) {
        if (!FILE.matcher(file).matches()) {
            throw new IllegalArgumentException(file + " isn't a migration's name");
        }
        return checksumOf(HistoryGuard.text("/db/migration/" + file));
    }

    /** CRC-32 of the lines without their ends, as in all rows that Flyway has ever written (ChecksumCalculator). */
    private static int checksumOf(String text) {
        CRC32 crc = new CRC32();
        text.lines().forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
        return (int) crc.getValue();
    }

    private static String text(LoadableResource file) {
        try (Reader content = file.read()) {
            StringWriter text = new StringWriter();
            content.transferTo(text);
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As Flyway's own resolver would have it, but for how it is run. */
    private record Migration(String file, String text, HistorySchema schema, HistoryGuard guard)
            implements ResolvedMigration, MigrationExecutor {

        private Matcher named() {
            Matcher name = FILE.matcher(file);
            if (!name.matches()) {
                throw new IllegalStateException(file + " isn't a migration's name");
            }
            return name;
        }

        @Override
        public MigrationVersion getVersion() {
            return MigrationVersion.fromVersion(named().group(1));
        }

        @Override
        public String getDescription() {
            return named().group(2).replace('_', ' ');
        }

        @Override
        public String getScript() {
            return file;
        }

        @Override
        public Integer getChecksum() {
            return checksumOf(text);
        }

        @Override
        public boolean checksumMatches(Integer other) {
            return Objects.equals(getChecksum(), other);
        }

        @Override
        public boolean checksumMatchesWithoutBeingIdentical(Integer other) {
            return false;
        }

        @Override
        public MigrationType getType() {
            return CoreMigrationType.SQL;
        }

        @Override
        public String getPhysicalLocation() {
            return file;
        }

        @Override
        public MigrationExecutor getExecutor() {
            return this;
        }

        @Override
        public List<Results> execute(org.flywaydb.core.api.executor.Context context) throws SQLException {
            try (Statement statement = context.getConnection().createStatement()) {
                statement.execute(SessionSettings.SAFE_PATH);
                Set<String> there = guard.refusePlantedForGood(context.getConnection());
                statement.execute(schema.in(requireNew(there)));
                guard.revokeTriggers(context.getConnection());
            }
            return List.of();
        }

        /** Of a table that isn't there, nothing is taken over that somebody makes meanwhile. */
        private String requireNew(Set<String> there) {
            return TAKEN_OVER
                    .matcher(text)
                    .replaceAll(
                            found -> there.contains(found.group(1)) ? found.group() : "CREATE TABLE " + found.group(1));
        }

        @Override
        public boolean canExecuteInTransaction() {
            return true;
        }

        @Override
        public boolean shouldExecute() {
            return true;
        }
    }
}

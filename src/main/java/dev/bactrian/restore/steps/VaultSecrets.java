package dev.bactrian.restore.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.script.UnexpectedScriptException;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.rows.StagedRows;
import dev.bactrian.restore.target.TrustedSchema;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.selection.Relation;
import java.io.EOFException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Secrets of a Supabase project's vault. Rows of its table are worth nothing in another project, whose key is another one:
 * only secrets that an encrypted archive has in the clear come back, each by the vault's own functions, so that the target
 * encrypts them with its own key. One of the same name is replaced. Errors never tell a secret.
 */
public final class VaultSecrets {

    private static final ObjectMapper JSON = ManifestJson.trees();
    private static final Relation.Named TABLE = new Relation.Named("vault", "secrets");
    private static final int LARGEST = 256 << 20;

    private static final String THERE =
            "SELECT to_regprocedure('vault.create_secret(text, text, text, uuid)') IS NOT NULL"
                    + " OR to_regprocedure('vault.create_secret(text, text, text)') IS NOT NULL";
    private static final String FIND = "SELECT id FROM vault.secrets WHERE name = ?";
    private static final String SAME =
            "SELECT id FROM vault.decrypted_secrets WHERE name IS NULL AND decrypted_secret = ?";

    /** Puts back what the archive has in the clear, and tells what else there was. */
    public void restore(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException, IOException {
        createOrList(run, target, plan);
        run.getEvidence().done("restore-secrets");
    }

    private static void createOrList(RestoreRun run, Target target, RestorePlan plan) throws SQLException, IOException {
        Optional<Manifest.TablePart> part = StagedRows.wanted(TABLE, plan, run);
        if (part.isEmpty()) {
            return;
        }
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection()) {
            if (plan.backup().reader().has(EntryNames.VAULT_SECRETS)) {
                create(run, plan.backup(), connection);
            } else {
                list(part.get(), run, plan.backup(), connection);
            }
        } catch (DamagedArchiveException | UnexpectedScriptException | EOFException | JsonProcessingException e) {
            // Jackson's messages quote what they read.
            report(
                    run,
                    "secrets of the vault",
                    "The archive is damaged: " + EntryNames.VAULT_SECRETS + " or the rows of vault.secrets.");
        }
    }

    private static void create(RestoreRun run, SavedBackup saved, Connection connection)
            throws SQLException, IOException {
        if (!"t".equals(Target.text(connection, THERE))) {
            report(
                    run,
                    "secrets of the vault",
                    "The target has no vault. Turn it on (Integrations, Vault), and restore"
                            + " again with --data-only --table vault.secrets.");
            return;
        }
        if (!TrustedSchema.is(TABLE.schema(), connection)) {
            report(run, "secrets of the vault", TrustedSchema.refusal(TABLE.schema()) + ".");
            return;
        }
        for (JsonNode secret : JSON.readTree(CheckedEntry.read(saved, EntryNames.VAULT_SECRETS, LARGEST))) {
            String name = secret.path("name").textValue();
            try {
                put(secret, name, connection);
            } catch (SQLException e) {
                if (FatalErrors.endsAll(e)) {
                    throw e;
                }
                report(run, told(name), "The vault refused it (SQLSTATE " + e.getSQLState() + ").");
            }
        }
    }

    private static void put(JsonNode secret, @Nullable String name, Connection connection) throws SQLException {
        String text = secret.path("secret").textValue();
        String id = name == null ? find(SAME, text, connection) : find(FIND, name, connection);
        if (name == null && id != null) {
            return;
        }
        String call = id == null
                ? "SELECT vault.create_secret(?, ?, ?)"
                : "SELECT vault.update_secret('" + java.util.UUID.fromString(id) + "', ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(call)) {
            statement.setString(1, text);
            statement.setString(2, name);
            statement.setString(3, secret.path("description").asText(""));
            statement.execute();
        }
    }

    private static @Nullable String find(String query, @Nullable String by, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, by);
            try (ResultSet found = statement.executeQuery()) {
                return found.next() ? found.getString(1) : null;
            }
        }
    }

    private static void list(Manifest.TablePart part, RestoreRun run, SavedBackup saved, Connection connection)
            throws SQLException, IOException {
        connection.setAutoCommit(false);
        try {
            StagedRows.copy(part, List.of("name"), run, saved, connection);
            for (String name : Target.texts(connection, "SELECT name FROM " + StagedRows.TABLE + " ORDER BY name")) {
                String own = name.isEmpty() ? null : name;
                run.getReport()
                        .add(new NotApplied(
                                told(own),
                                "The archive has it only encrypted with the old project's key: secrets are saved as "
                                        + "plain text only in encrypted archives. Create it again, with its text.",
                                "SELECT vault.create_secret('***'" + (own == null ? "" : ", " + Relation.literal(own))
                                        + ");"));
            }
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static String told(@Nullable String name) {
        return "secret " + (name == null ? "without a name" : Relation.quote(name)) + " of the vault";
    }

    private static void report(RestoreRun run, String what, String reason) {
        run.getReport().add(new NotApplied(what, reason, null));
    }
}

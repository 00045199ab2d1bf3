package dev.bactrian.restore.source;

import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.read.ArchiveSource;
import dev.bactrian.archive.read.Origin;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.source.BackupFinder.Kind;
import dev.bactrian.signing.PublicKeys;
import dev.bactrian.signing.SignedText;
import dev.bactrian.support.Uuids;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Whether an archive is the one that was asked for and, as far as the history and signatures say it, the one that was saved. Whoever
 * can write to the bucket can change archives and manifests there, but neither the history nor a signature.
 */
public final class Provenance {

    private static final String ANOTHER =
            "Find out who changed it, and use another backup. If it is genuine anyway, restore it from a file: "
                    + "./bactrian restore FILE, without a history.";

    private final PublicKeys required;
    private final PublicKeys trusted;

    /**
     * Prepares.
     *
     * @param required one of these must have signed; where there are none, nothing has to be signed
     * @param trusted those, and the own one
     */
    public Provenance(PublicKeys required, PublicKeys trusted) {
        this.required = required;
        this.trusted = trusted;
    }

    /**
     * What is judged.
     *
     * @param beside text of the manifest beside the archive
     * @param inside text of the one in it, for a file that lies alone
     */
    public Identity identify(
            @ExchangeProperty("kind") @Nullable String kind,
            @ExchangeProperty("backup") @Nullable String asked,
            @ExchangeProperty("key") @Nullable String key,
            @ExchangeProperty("manifestText") @Nullable String beside,
            @ExchangeProperty("insideText") @Nullable String inside) {
        Kind by = kind == null ? Kind.KEY : Kind.valueOf(kind);
        String text = beside != null ? beside : Objects.requireNonNullElse(inside, "");
        String id = ManifestJson.text(text, "/backup_id");
        return new Identity(
                by,
                asked != null ? asked : Objects.requireNonNullElse(key, ""),
                by == Kind.FILE ? null : key,
                text,
                beside != null,
                Uuids.isUuid(id) ? UUID.fromString(id) : null);
    }

    /**
     * Goes on when the history can't be asked where it needn't be there, as after a disaster.
     *
     * @param needed {@code needed} where it has to be
     * @throws ProblemException where it has to be
     */
    public void withoutHistory(
            @ExchangeProperty("historyNeeded") String needed,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception why) {
        if ("needed".equals(needed)) {
            throw new ProblemException(
                    new Problem(
                            "The history can't be read, so it is unknown whether the archive in the store is the one "
                                    + "that was saved.",
                            "Nothing was changed.",
                            "Try again when the control database is back; or restore from the command line on a "
                                    + "machine without it."),
                    why);
        }
    }

    /**
     * Judges it.
     *
     * @param historyNeeded as the routes say it; null where they don't ask the history
     * @param recorded rows of the history that have the manifest's id or the key; null where it wasn't asked
     * @param source the archive; null as long as the manifest beside it is judged
     * @param whole SHA-256 of the whole archive, where it has been read already
     * @throws ProblemException when it isn't what was asked for, or not what history or signature say
     */
    public Origin judge(
            @ExchangeProperty("identity") @Nullable Identity identity,
            @ExchangeProperty("historyNeeded") @Nullable String historyNeeded,
            @ExchangeProperty("recordedRows") @Nullable List<Map<String, Object>> recorded,
            @ExchangeProperty("source") @Nullable ArchiveSource source,
            @ExchangeProperty("wholeSha256") @Nullable String whole)
            throws IOException {
        if (identity == null) {
            throw leftOut("identify-archive");
        }
        if (historyNeeded == null || recorded == null && "needed".equals(historyNeeded)) {
            throw leftOut("direct:read-recorded");
        }
        Optional<SignedText> signed = SignedText.of(identity.manifest());
        requireSigner(signed);
        requireAsked(identity, recorded == null ? List.of() : recorded);
        String signer = signed.flatMap(text -> text.signer(trusted)).orElse(null);
        boolean known = false;
        for (Map<String, Object> row : recorded == null ? List.<Map<String, Object>>of() : recorded) {
            known |= requireRecorded(identity, row, source, whole);
        }
        String told = ManifestJson.text(identity.manifest(), "/archive/key");
        boolean moved = identity.beside() && identity.key() != null && !told.equals(identity.key());
        if (moved && identity.kind() != Kind.ID && (known || signer != null)) {
            throw refused(
                    "The manifest next to " + identity.key() + " belongs to another archive.",
                    "Name the backup that you want by its id, wherever it is now.");
        }
        return new Origin(recorded != null, known, signer, moved);
    }

    private void requireSigner(Optional<SignedText> signed) {
        if (required.isEmpty()) {
            return;
        }
        if (signed.isEmpty()) {
            throw refused(
                    "The archive's manifest isn't signed, and RESTORE_VERIFY_KEY (--verify-key) requires a signature.",
                    "Use a backup that was made with BACKUP_SIGN_KEY. To restore an earlier one that you trust, "
                            + "remove the key.");
        }
        if (signed.get().signer(required).isEmpty()) {
            throw refused(
                    "The archive's manifest isn't signed by a key that RESTORE_VERIFY_KEY (--verify-key) names, or was"
                            + " changed since it was signed.",
                    "Use another backup. If the signing key was changed, name the former one, too.");
        }
    }

    /** Refuses an archive that can't be looked into, where a signature is needed and no manifest lies beside it. */
    public void requireSeen() {
        requireSigner(Optional.empty());
    }

    private static void requireAsked(Identity identity, List<Map<String, Object>> recorded) {
        if (identity.kind() == Kind.ID && !identity.asked().equalsIgnoreCase(String.valueOf(identity.backupId()))) {
            throw refused(
                    "The manifest in the store isn't that of the backup " + identity.asked() + ".",
                    "Find out who changed it, and use another backup.");
        }
        String database = BackupFinder.latestOf(identity.asked());
        if (identity.kind() == Kind.LATEST
                && recorded.stream().noneMatch(row -> isOf(database, identity.manifest(), row))
                && !ManifestJson.text(identity.manifest(), "/source/name").equals(database)) {
            throw refused(
                    "The archive that latest/ in the store names isn't a backup of " + database + ".",
                    "Find out who changed it, and name the backup by its id.");
        }
    }

    /**
     * Whether the history has the backup of exactly this manifest as one of the database: somebody who has renamed one there has renamed
     * what its manifests, which nobody rewrites, call otherwise.
     *
     * @param row of the history
     */
    public static boolean isOf(String database, String manifest, Map<String, Object> row) {
        return database.equals(row.get("database"))
                && ManifestJson.text(manifest, "/backup_id").equalsIgnoreCase(String.valueOf(row.get("id")))
                && ManifestText.sha256(manifest).equals(row.get("manifest_sha256"));
    }

    /** Whether the row is the archive's, which is then what the row says. */
    private static boolean requireRecorded(
            Identity identity, Map<String, Object> row, @Nullable ArchiveSource source, @Nullable String whole)
            throws IOException {
        Object hash = row.get("manifest_sha256");
        if (hash == null || !"success".equals(row.get("status"))) {
            return false;
        }
        if (!Objects.equals(row.get("id"), identity.backupId())) {
            throw refused(
                    "The archive under " + identity.key() + " in the store isn't the backup " + row.get("id")
                            + ", which the history has under this key.",
                    ANOTHER);
        }
        if (!identity.beside() && row.get("sha256") == null) {
            throw refused(
                    "The history has no SHA-256 of the archive of the backup " + row.get("id")
                            + ", since some of it was copied "
                            + "inside the store, so the file alone doesn't show that it is this archive.",
                    "Download its manifest.json, too, and put it next to the file.");
        }
        boolean same = identity.beside()
                ? hash.equals(ManifestText.sha256(identity.manifest()))
                : WholeArchive.is(row, source, whole);
        if (!same) {
            throw refused(
                    "The archive isn't the one that the history has for the backup " + row.get("id") + ": the SHA-256 "
                            + "of its "
                            + (identity.beside() ? "manifest" : "file") + " differs.",
                    ANOTHER);
        }
        return true;
    }

    /**
     * Refuses what {@code latest/} names when the history has a newer backup.
     *
     * @param newest the newest good backup of the database; null where there is none, or the history wasn't asked
     */
    public void requireNewest(
            @ExchangeProperty("newest") @Nullable Map<String, Object> newest, @ExchangeProperty("key") String key) {
        if (newest != null && afterArchive(String.valueOf(newest.get("s3_key"))).compareTo(afterArchive(key)) > 0) {
            throw refused(
                    "The history has a newer backup than the one that latest/ in the store names: " + newest.get("id")
                            + " under " + newest.get("s3_key") + ".",
                    "Name the one that you want by its id. If the newer one has just ended, latest/ may not be "
                            + "updated yet; otherwise find out who changed it.");
        }
    }

    /** Keys go on with the time there. */
    private static String afterArchive(String key) {
        return key.substring(key.indexOf("/archive/") + 1);
    }

    private static ProblemException leftOut(String step) {
        return refused(
                "The routes in use leave out " + step
                        + ", so it is unknown whether the archive is the one that was saved.",
                LeftOutStep.REMEDY);
    }

    static ProblemException refused(String cause, String remedy) {
        return new ProblemException(new Problem(cause, "Nothing was changed.", remedy), null);
    }
}

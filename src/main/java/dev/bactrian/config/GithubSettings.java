package dev.bactrian.config;

import static dev.bactrian.config.SettingName.GITHUB_BRANCHES;
import static dev.bactrian.config.SettingName.GITHUB_WEBHOOK_SECRET;

import dev.bactrian.postgres.url.Database;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which pushes on GitHub lead to backups.
 *
 * @param secret what GitHub signs its deliveries with; null when none are taken
 * @param branches the database of each branch; pushes to others are left alone
 */
public record GithubSettings(@Nullable String secret, Map<String, String> branches) {

    private static final Map<String, String> USUAL = new LinkedHashMap<>();

    static {
        USUAL.put("main", "prod");
        USUAL.put("dev", "dev");
    }

    /** Reads them; adds what is wrong to the errors. */
    static GithubSettings read(SettingSource source, List<Database> databases, List<String> errors) {
        Optional<String> secret = new SettingValues(source, errors).key(GITHUB_WEBHOOK_SECRET);
        List<String> names = databases.stream().map(Database::name).toList();
        Optional<String> own = source.get(GITHUB_BRANCHES.name());
        Map<String, String> branches = own.isPresent() ? own(own.get(), names, errors) : usual(names);
        if (secret.isPresent() && branches.isEmpty() && errors.isEmpty()) {
            errors.add(GITHUB_BRANCHES + " is not set, and no database is named prod, dev or default. Set it to the "
                    + "branches whose pushes start backups and their databases, such as main=" + String.join("|", names)
                    + ".");
        }
        return new GithubSettings(secret.orElse(null), branches);
    }

    private static Map<String, String> usual(List<String> names) {
        Map<String, String> branches = new LinkedHashMap<>();
        USUAL.forEach((branch, database) -> {
            if (names.contains(database) || names.contains("default")) {
                branches.put(branch, names.contains(database) ? database : "default");
            }
        });
        return branches;
    }

    private static Map<String, String> own(String text, List<String> names, List<String> errors) {
        Map<String, String> branches = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            // A branch's name may hold a =, a database's may not.
            int equals = pair.lastIndexOf('=');
            String branch = equals < 0 ? "" : pair.substring(0, equals).strip();
            String database = pair.substring(equals + 1).strip();
            if (branch.isEmpty() || database.isEmpty()) {
                errors.add(GITHUB_BRANCHES + " isn't a list of branches and databases. Write it like "
                        + "main=prod,dev=dev.");
            } else if (!names.contains(database)) {
                errors.add(GITHUB_BRANCHES + " names the database " + database
                        + ", which isn't configured. Use one of: " + String.join(", ", names) + ".");
            } else if (branches.put(branch, database) != null) {
                errors.add(GITHUB_BRANCHES + " names the branch " + branch + " twice. Keep one of the two.");
            }
        }
        return branches;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "GitHub " + (secret == null ? "off" : branches);
    }
}

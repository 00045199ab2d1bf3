package dev.bactrian.postgres.url;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why an address of Supabase's can't be the right one, whatever the project: found before anything connects, and told
 * with the address as it should be.
 */
final class SupabaseRefusals {

    private static final Set<String> MAYBE_UNENCRYPTED = Set.of("disable", "allow", "prefer");
    private static final String WRITE = " Write, with the password for ***: ";
    private static final String WHAT_A_REF_IS =
            ", which is invalid: a ref is 20 lower-case letters, as in https://<project ref>.supabase.co.";

    private final DatabaseUrl url;
    private final SupabaseAddress address;

    private SupabaseRefusals(DatabaseUrl url) {
        this.url = url;
        this.address = SupabaseAddress.of(url);
    }

    /** What is wrong and how to put it right, to go on behind the setting's name; empty when nothing is. */
    static Optional<String> of(DatabaseUrl url) {
        SupabaseRefusals refusals = new SupabaseRefusals(url);
        return refusals.address.isSupabase() ? Optional.ofNullable(refusals.first()) : Optional.empty();
    }

    private @Nullable String first() {
        return switch (address.kind()) {
            case NO_DATABASE ->
                "names the host " + url.host()
                        + ", where Supabase has no database. Copy the string of the session pooler "
                        + "from the project's dashboard (Connect, Session pooler): "
                        + address.sessionPoolerForm("postgres");
            case TRANSACTION_POOLER ->
                "is a transaction pooler (port 6543), which can't hold a snapshot. Use session mode instead, with the "
                        + "password for ***: " + corrected();
            case DEDICATED_POOLER ->
                "is the dedicated pooler (port 6543), which pools transactions and can't hold a snapshot. Use the direct "
                        + "connection instead, with the password for ***: " + corrected();
            default -> user();
        };
    }

    private @Nullable String user() {
        if (url.port() != SupabaseAddress.SESSION_PORT) {
            return "has port " + url.port() + ", where Supabase has no database." + WRITE + corrected();
        }
        if (address.ref().isEmpty()) {
            return "has the user " + url.user() + ", which doesn't tell the pooler which project is meant. Add the "
                    + "project ref to it, and the password for ***: " + corrected();
        }
        if (!SupabaseAddress.isRef(address.ref())) {
            return "has " + address.ref() + " as project ref in its " + (address.isSessionPooler() ? "user" : "host")
                    + WHAT_A_REF_IS + WRITE + corrected();
        }
        String ofUser = refInUser();
        if (!address.isSessionPooler() && !ofUser.isEmpty()) {
            return "has the user " + url.user() + ", which only the pooler accepts"
                    + (ofUser.equals(address.ref()) ? "." : "; and its host is another project's.") + WRITE
                    + corrected();
        }
        return rest();
    }

    private @Nullable String rest() {
        if (MAYBE_UNENCRYPTED.contains(url.sslmode())) {
            return "has sslmode=" + url.sslmode() + ", with which the connection to Supabase could be unencrypted."
                    + WRITE + corrected();
        }
        if (url.password().isEmpty()) {
            return "has no password, which Supabase always requires." + WRITE + corrected();
        }
        return "***".equals(url.password())
                ? "has *** for the password, which is how Bactrian shows addresses. Replace it with the database's "
                        + "password."
                : null;
    }

    /** The ref behind the last dot of the user; empty when there is none. */
    private String refInUser() {
        String last = url.user().substring(url.user().lastIndexOf('.') + 1);
        return url.user().contains(".") && SupabaseAddress.isRef(last) ? last : "";
    }

    /** The address with everything put right that can be, and a placeholder where only a person knows. */
    private String corrected() {
        boolean pooler = address.kind() == SupabaseAddress.Kind.SESSION_POOLER
                || address.kind() == SupabaseAddress.Kind.TRANSACTION_POOLER;
        boolean named = SupabaseAddress.isRef(address.ref());
        String user = refInUser().isEmpty() ? url.user() : url.user().replaceFirst("\\.[^.]*$", "");
        return "postgresql://" + (pooler ? address.role() + "." + (named ? address.ref() : "<project ref>") : user)
                + ":***@" + (pooler || named ? url.host() : "db.<project ref>.supabase.co") + ":"
                + SupabaseAddress.SESSION_PORT + "/" + url.database() + query();
    }

    private String query() {
        if (!url.parameters().containsKey("sslmode")) {
            return "";
        }
        return "?sslmode=" + (MAYBE_UNENCRYPTED.contains(url.sslmode()) ? "require" : url.sslmode());
    }
}

package dev.bactrian.postgres;

import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.postgres.url.SupabaseAddress;
import dev.bactrian.problem.Problem;
import dev.bactrian.support.Causes;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;

/** Why nobody answers at an address of Supabase's: mostly because it is an IPv6 address and the machine has none. */
final class Unreachable {

    private Unreachable() {}

    /** Explains a failure to connect by the address; empty when it says nothing about it. */
    static Optional<Problem> explain(DatabaseUrl url, Throwable failure) {
        SupabaseAddress address = SupabaseAddress.of(url);
        Throwable network = Causes.of(failure)
                .filter(at -> at instanceof UnknownHostException
                        || at instanceof SocketTimeoutException
                        || at instanceof SocketException)
                .findFirst()
                .orElse(null);
        if (network == null || !address.isSupabase()) {
            return Optional.empty();
        }
        if (network instanceof ConnectException
                && String.valueOf(network.getMessage()).contains("refused")) {
            return Optional.of(problem(
                    url + " refused the connection.",
                    "Check the project's dashboard: the project may be paused, or this machine's address banned for a "
                            + "while after wrong passwords (Database settings, Network bans)."));
        }
        if (address.kind() == SupabaseAddress.Kind.DIRECT) {
            return Optional.of(problem(
                    network instanceof UnknownHostException
                            ? "The host " + url.host() + " isn't found from this machine: no project has the ref "
                                    + address.ref()
                                    + ", or this machine looks up only IPv4 addresses, and the direct connection of a "
                                    + "Supabase project has none without the IPv4 add-on."
                            : "The host " + url.host()
                                    + " can't be reached from this machine: the direct connection of a Supabase "
                                    + "project has only an IPv6 address, unless the project has the IPv4 add-on.",
                    "Use the session pooler; copy it from the project's dashboard (Connect, Session pooler): "
                            + address.sessionPoolerForm(url.database())));
        }
        return network instanceof UnknownHostException
                ? Optional.of(problem(
                        "The host " + url.host() + " isn't found: Supabase has no pooler of that name.",
                        "Copy the string from the project's dashboard (Connect, Session pooler): the number and the "
                                + "region in the host are specific to the project."))
                : Optional.empty();
    }

    private static Problem problem(String cause, String remedy) {
        return new Problem(cause, remedy);
    }
}

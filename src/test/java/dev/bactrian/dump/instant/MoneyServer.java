package dev.bactrian.dump.instant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.TemporaryFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A server that knows a locale in which amounts of money have no decimals, as in Japan. Machines have hardly any locales, so
 * it is made here, and the server is told where it is.
 */
final class MoneyServer implements AutoCloseable {

    /** What {@code lc_monetary} is to be set to. */
    static final String WITHOUT_DECIMALS = "odd";

    private static final String LOCALE =
            """
            comment_char %
            escape_char /
            LC_MONETARY
            int_curr_symbol "JPY "
            currency_symbol "Y"
            mon_decimal_point "."
            mon_thousands_sep ","
            mon_grouping 3
            positive_sign ""
            negative_sign "-"
            int_frac_digits 0
            frac_digits 0
            p_cs_precedes 1
            p_sep_by_space 0
            n_cs_precedes 1
            n_sep_by_space 0
            p_sign_posn 4
            n_sign_posn 4
            END LC_MONETARY
            """;

    /** The superuser of the machine may not run a server: as the other servers of the tests it then runs in a namespace. */
    private static final String AS_USER =
            "run() { if [ \"$(id -u)\" = 0 ]; then unshare -U \"$@\"; else \"$@\"; fi; }; ";

    private final Path folder = TemporaryFiles.folder("money");
    private final Map<String, String> environment;
    private final int port = BactrianService.freePort();

    /** Starts one of this version. */
    MoneyServer(PostgresServer version) {
        String programs = version.createDatabase()
                .jdbc()
                .queryForObject("SELECT setting FROM pg_config WHERE name = 'BINDIR'", String.class);
        environment = Map.of("LOCPATH", folder.toString(), "BIN", programs, "PORT", Integer.toString(port));
        try {
            Files.writeString(folder.resolve("odd.def"), LOCALE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // It complains of all that is missing in it but money.
        Run.shell(folder, Map.of(), "localedef --no-archive -c -i odd.def ./" + WITHOUT_DECIMALS);
        shell("run \"$BIN/initdb\" -D data -U postgres -A trust -E UTF8 --locale=C");
        shell("run \"$BIN/pg_ctl\" -D data -l log -w start"
                + " -o \"-p $PORT -c fsync=off -c listen_addresses=127.0.0.1 -c unix_socket_directories=''\"");
    }

    private void shell(String command) {
        Run run = Run.shell(folder, environment, AS_USER + command);
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
    }

    TestDatabase database(String name) {
        new TestDatabase(port, "postgres").run("CREATE DATABASE " + name);
        return new TestDatabase(port, name);
    }

    @Override
    public void close() {
        shell("run \"$BIN/pg_ctl\" -D data -m immediate -w stop");
    }
}

package dev.bactrian.cli;

import dev.bactrian.app.App;
import dev.bactrian.app.Mode;
import dev.bactrian.archive.write.Compression;
import dev.bactrian.demo.DemoFolder;
import dev.bactrian.demo.DemoSecrets;
import dev.bactrian.demo.DemoServers;
import dev.bactrian.postgres.program.PgTools;
import dev.bactrian.postgres.program.PgToolsFinder;
import dev.bactrian.postgres.program.PgToolsInstaller;
import dev.bactrian.problem.ProblemException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bactrian demo}. */
@Command(
        name = "demo",
        description = "Starts PostgreSQL with a sample database, an S3 server and the service, all on this machine, "
                + "and says what to try. Ctrl-C stops everything; the data stays in the folder.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final int SERVER_MAJOR = 15;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", defaultValue = "data", description = "Folder for all data (default: ./${DEFAULT-VALUE}).")
    private Path data;

    @Option(
            names = "--http-port",
            defaultValue = "${env:HTTP_PORT:-8080}",
            description = "HTTP API (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(
            names = "--management-port",
            defaultValue = "${env:MANAGEMENT_PORT:-8081}",
            description = "Health and metrics (default: ${DEFAULT-VALUE}).")
    private int managementPort;

    @Option(names = "--postgres-port", defaultValue = "54329", description = "PostgreSQL (default: ${DEFAULT-VALUE}).")
    private int postgresPort;

    @Option(names = "--s3-port", defaultValue = "9090", description = "S3 (default: ${DEFAULT-VALUE}).")
    private int s3Port;

    @Option(
            names = "--rehearse",
            description =
                    "Starts no service, but makes a backup and a restore of the sample, in a folder of their own: what they "
                            + "load is kept, and later ones start faster. The image is built with it.")
    private boolean rehearse;

    @Override
    public Integer call() throws Exception {
        if (!DemoServers.areHere()) {
            throw new ProblemException(
                    new dev.bactrian.problem.Problem(
                            "The demo's PostgreSQL and S3 servers aren't part of this installation (target/lib-demo).",
                            "The demo was not started.",
                            "Run it from Bactrian's sources or its release archive. To run your own service: serve "
                                    + "--help."),
                    null);
        }
        if (System.getProperty("bactrian.log") == null) {
            System.setProperty("bactrian.log", "WARN");
        }
        if (rehearse) {
            data = Files.createTempDirectory("bactrian-rehearsal");
            postgresPort = Ports.free();
            s3Port = Ports.free();
        }
        AtomicReference<App> running = new AtomicReference<>();
        // Outermost: a signal must wait until the servers have stopped too.
        try (GracefulStop stop = GracefulStop.onSignal(
                        () -> Optional.ofNullable(running.get()).ifPresent(App::requestStop));
                DemoFolder folder = DemoFolder.take(folder())) {
            return run(running, stop);
        } finally {
            if (rehearse) {
                FileUtils.deleteQuietly(data.toFile());
            }
        }
    }

    private int run(AtomicReference<App> running, GracefulStop stop) throws Exception {
        long begin = System.nanoTime();
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("--http-port", httpPort);
        ports.put("--management-port", managementPort);
        ports.put("--postgres-port", postgresPort);
        ports.put("--s3-port", s3Port);
        if (!rehearse) {
            Ports.requireFree("127.0.0.1", ports);
        }
        Path pgBin = Optional.ofNullable(System.getenv("PG_BIN")).map(Path::of).orElse(null);
        PgTools tools = tools(pgBin);
        DemoSecrets secrets = DemoSecrets.in(folder());
        say(
                rehearse
                        ? "A backup and a restore of a sample, so that later ones start faster…"
                        : "Starting PostgreSQL and S3; the first time, the sample database is loaded too…");
        try (DemoServers servers = DemoServers.start(folder(), postgresPort, s3Port, secrets.s3Secret())) {
            if (rehearse) {
                return new Rehearsal(Files.createDirectories(folder().resolve("project")))
                        .run(environment(servers, secrets, pgBin));
            }
            App app = new App(SettingsLoader.only(environment(servers, secrets, pgBin)), Mode.SERVICE);
            running.set(app);
            app.whenStarted(() -> introduce(servers, secrets, tools, System.nanoTime() - begin));
            return stop.requested() ? 0 : app.run();
        }
    }

    private Path folder() {
        return data.toAbsolutePath().normalize();
    }

    private PgTools tools(@Nullable Path pgBin) throws InterruptedException {
        PgToolsFinder finder = new PgToolsFinder(pgBin);
        Optional<PgTools> found = finder.newest();
        if (found.isEmpty()) {
            say("pg_dump is missing: installing PostgreSQL's client with apt…");
            if (PgToolsInstaller.install()) {
                found = finder.newest();
            }
        }
        PgTools tools = found.orElseThrow(() -> new ProblemException(
                new dev.bactrian.problem.Problem(
                        "The PostgreSQL client programs (pg_dump) are missing.",
                        "The demo was not started.",
                        "Install them: " + PgToolsInstaller.COMMAND + " (Debian, Ubuntu), "
                                + "dnf install postgresql (Fedora), brew install libpq (macOS); or set PG_BIN."),
                null));
        if (tools.major() < SERVER_MAJOR) {
            throw new ProblemException(
                    new dev.bactrian.problem.Problem(
                            "pg_dump " + tools.version() + " in " + tools.folder()
                                    + " is older than the demo's PostgreSQL " + SERVER_MAJOR + ".",
                            "The demo was not started.",
                            "Install PostgreSQL client " + SERVER_MAJOR + " or newer, or set PG_BIN to its folder."),
                    null);
        }
        return tools;
    }

    /** The demo's own settings alone: nothing of a real database or bucket may leak in. */
    private Map<String, String> environment(DemoServers servers, DemoSecrets secrets, @Nullable Path pgBin) {
        Map<String, String> settings = new HashMap<>();
        settings.put("DATABASE_URL", servers.url(DemoServers.SAMPLE));
        settings.put("CONTROL_DATABASE_URL", servers.url(DemoServers.CONTROL));
        settings.put("VERIFY_DATABASE_URL", servers.url(DemoServers.CONTROL));
        settings.put("BACKUP_API_KEY", secrets.apiKey());
        settings.put("RESTORE_API_KEY", secrets.restoreKey());
        settings.put("S3_BUCKET", DemoServers.BUCKET);
        settings.put("S3_ENDPOINT", servers.s3Endpoint());
        settings.put("S3_PATH_STYLE", "true");
        settings.put("AWS_ACCESS_KEY_ID", DemoServers.ACCESS_KEY_ID);
        settings.put("AWS_SECRET_ACCESS_KEY", secrets.s3Secret());
        // The sample's files lie beside the archives.
        settings.put("SUPABASE_STORAGE", "s3");
        settings.put("SUPABASE_S3_ENDPOINT", servers.s3Endpoint());
        settings.put("SUPABASE_S3_REGION", "us-east-1");
        settings.put("SUPABASE_S3_ACCESS_KEY_ID", DemoServers.ACCESS_KEY_ID);
        settings.put("SUPABASE_S3_SECRET_ACCESS_KEY", secrets.s3Secret());
        settings.put("HTTP_PORT", Integer.toString(httpPort));
        settings.put("MANAGEMENT_PORT", Integer.toString(managementPort));
        settings.put("WORK_DIR", folder().resolve("work").toString());
        if (pgBin != null) {
            settings.put("PG_BIN", pgBin.toString());
        }
        return settings;
    }

    private void introduce(DemoServers servers, DemoSecrets secrets, PgTools tools, long nanos) {
        String api = "http://127.0.0.1:" + httpPort;
        say(String.format(
                Locale.ROOT,
                """

                Bactrian is ready, after %.1f s.

                  Page        %s/   (sign in with the API key)
                  HTTP API    %s   (health and metrics: http://127.0.0.1:%d/observe/health, /observe/metrics)
                  API key     %s   (with restores: %s)
                  Database    %s
                  S3          %s, bucket %s
                  pg_dump     %s in %s
                %s
                Make a backup on the page, or with

                  curl -X POST %s/api/backups -H "Authorization: Bearer %s"

                To see its progress, and all backups:

                  curl %s/api/backups -H "Authorization: Bearer %s"

                The archive and its manifest appear as files under
                  %s/backups/archive/

                Ctrl-C stops everything. The data stays in %s.
                """,
                nanos / 1e9,
                api,
                api,
                managementPort,
                secrets.apiKey(),
                secrets.restoreKey(),
                servers.url(DemoServers.SAMPLE),
                servers.s3Endpoint(),
                DemoServers.BUCKET,
                tools.version(),
                tools.folder(),
                compression(),
                api,
                secrets.apiKey(),
                api,
                secrets.apiKey(),
                servers.bucketFolder(),
                folder()));
    }

    private static String compression() {
        String advice = Compression.advice();
        return advice == null ? "" : "  Compression zlib. " + advice + "." + System.lineSeparator();
    }

    private void say(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text + System.lineSeparator());
        out.flush();
    }
}

package dev.bactrian.cli;

import dev.bactrian.app.App;
import dev.bactrian.app.Mode;
import dev.bactrian.config.Settings;
import dev.bactrian.postgres.url.DatabaseUrl;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** {@code bactrian serve}. */
@Command(
        name = "serve",
        description = "Runs the service: the HTTP API, the queue, and every trigger in routes/. Stops on SIGTERM or "
                + "Ctrl-C.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    @Override
    public Integer call() throws Exception {
        Settings settings = SettingsLoader.load(true);
        Ports.requireFree(
                settings.httpHost(),
                Map.of("HTTP_PORT", settings.httpPort(), "MANAGEMENT_PORT", settings.managementPort()));
        App app = new App(settings, Mode.SERVICE);
        app.whenStarted(() -> LOG.info(ready(settings)));
        if (settings.retention().keepsOne()) {
            LOG.warn("BACKUP_KEEP_... keep only one backup of each database; if it is damaged, there is no other. "
                    + "Keep two or more (docs/retention.md).");
        }
        try (GracefulStop stop = GracefulStop.onSignal(app::requestStop)) {
            return app.run();
        }
    }

    private static String ready(Settings settings) {
        return "Bactrian is ready: page and API at http://%s:%d/, health and metrics at http://%1$s:%d/observe/, databases: %s"
                .formatted(
                        DatabaseUrl.inAddress(settings.httpHost()),
                        settings.httpPort(),
                        settings.managementPort(),
                        String.join(", ", settings.databases().names()));
    }
}

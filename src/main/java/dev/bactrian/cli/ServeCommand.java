package dev.bactrian.cli;

import dev.bactrian.App;
import dev.bactrian.config.Settings;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code bactrian serve}. */
@Command(
        name = "serve",
        description = "Runs the service: HTTP API, queue, and every trigger in routes/. Ends on SIGTERM or Ctrl-C.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    @Override
    public Integer call() throws Exception {
        Settings settings = SettingsLoader.load(true);
        Ports.requireFree(
                settings.httpHost(),
                Map.of("HTTP_PORT", settings.httpPort(), "MANAGEMENT_PORT", settings.managementPort()));
        App app = new App(settings, App.Mode.SERVICE);
        try (GracefulStop stop = GracefulStop.onSignal(app::requestStop)) {
            return app.run();
        }
    }
}

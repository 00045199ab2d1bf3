package dev.bactrian.http.functions;

import dev.bactrian.config.Settings;
import dev.bactrian.http.api.ApiRequests;
import dev.bactrian.schedule.BackupSwitch;
import java.util.function.BiConsumer;

/** The beans behind GitHub's webhook and {@code /functions/v1}. */
public final class Functions {

    private Functions() {}

    /** Binds them by the names that the routes know. */
    public static void bind(
            BiConsumer<String, Object> registry, ApiRequests requests, Settings settings, BackupSwitch backupSwitch) {
        registry.accept("githubEvents", new GithubEvents(requests, settings.github()));
        registry.accept("functionRequests", new FunctionRequests(requests));
        FunctionResponses answers = new FunctionResponses(backupSwitch);
        registry.accept("functionResponses", answers);
        registry.accept("workerReports", new WorkerReports());
        registry.accept("workerResponses", new WorkerResponses(answers));
    }
}

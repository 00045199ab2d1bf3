package dev.bactrian.http.api;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * The HTTP API as its callers meet it: well-meaning, careless and hostile ones. The cases are in a file for each
 * resource, and share one service. {@code -Dit.test='ApiIT$ApiKey'} runs one file.
 */
class ApiIT {

    @BeforeAll
    static void start() {
        ApiCases.start();
    }

    @AfterAll
    static void stop() {
        ApiCases.stop();
    }

    @Nested
    class RequestedBackups extends RequestedBackupsCases {}

    @Nested
    class ListedBackups extends ListedBackupsCases {}

    @Nested
    class StoredBackup extends StoredBackupCases {}

    @Nested
    class PathsAndHeaders extends PathsAndHeadersCases {}

    @Nested
    class ApiKey extends ApiKeyCases {}

    @Nested
    class Ports extends PortsCases {}
}

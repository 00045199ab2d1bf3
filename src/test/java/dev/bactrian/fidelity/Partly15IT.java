package dev.bactrian.fidelity;

import dev.bactrian.testing.servers.PostgresServer;

/** {@link PartlyDatabase} on PostgreSQL 15. */
class Partly15IT extends PartlyDatabase {

    Partly15IT() {
        super(PostgresServer.V15);
    }
}

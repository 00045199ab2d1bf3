package dev.bactrian.fidelity;

import dev.bactrian.testing.servers.PostgresServer;

/** {@link PartlyDatabase} on PostgreSQL 17. */
class Partly17IT extends PartlyDatabase {

    Partly17IT() {
        super(PostgresServer.V17);
    }
}

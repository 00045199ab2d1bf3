package dev.bactrian.fidelity;

import dev.bactrian.testing.servers.PostgresServer;

/** {@link WholeDatabase} on PostgreSQL 15. */
class Whole15IT extends WholeDatabase {

    Whole15IT() {
        super(PostgresServer.V15);
    }
}

package dev.bactrian.fidelity;

import dev.bactrian.testing.servers.PostgresServer;

/** {@link WholeDatabase} on PostgreSQL 17. */
class Whole17IT extends WholeDatabase {

    Whole17IT() {
        super(PostgresServer.V17);
    }
}

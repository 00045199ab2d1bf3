package dev.bactrian.fidelity;

import org.junit.jupiter.api.Test;

/** {@code whole/09-public-schema.sql}. */
interface PublicSchema extends Whole {

    @Test
    default void publicBelongsToWhomItDid() {
        whole().comesBack(
                        "SELECT nspowner::regrole::text, nspacl::text, obj_description(oid, 'pg_namespace') FROM pg_namespace"
                                + " WHERE nspname = 'public'");
    }
}

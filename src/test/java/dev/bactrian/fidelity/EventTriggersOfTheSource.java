package dev.bactrian.fidelity;

import org.junit.jupiter.api.Test;

/** {@code whole/95-event-triggers.sql}: they come back as they were, and fired for nothing that the restore did. */
interface EventTriggersOfTheSource extends Whole {

    @Test
    default void aLogOfDefinitionsKeepsTheRowsThatWereSaved() {
        whole().comesBack("SELECT tag, at FROM public.ddl_log ORDER BY at, tag");
    }

    @Test
    default void eachEventTriggerIsAsItWas() {
        whole().comesBack(
                        "SELECT evtname, evtenabled, evtevent, evttags::text, obj_description(oid, 'pg_event_trigger') AS said"
                                + " FROM pg_event_trigger ORDER BY evtname");
        whole().comesBack("SELECT count(*) FROM pg_namespace WHERE nspname = 'bactrian_restore'");
    }
}

package dev.bactrian.restore;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Which connections the pool keeps after an error. By itself it closes those that ever answered "feature not supported", or
 * that spoke of another server's connection: the next object would find none.
 */
final class KeptConnections implements SQLExceptionOverride {

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        return FatalErrors.endsAll(failure) ? Override.CONTINUE_EVICT : Override.DO_NOT_EVICT;
    }
}

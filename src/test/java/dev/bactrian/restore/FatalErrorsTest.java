package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What ends a restore concerns the connection, the server or its disk; all else costs it one object. */
class FatalErrorsTest {

    private static SQLException ofServer(String severity, String state) {
        return new PSQLException(new ServerErrorMessage("S" + severity + "\0C" + state + "\0Mx\0\0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"53100", "53200", "53300", "57014", "57P01", "57P04", "58030", "25006"})
    void theServersOwnTroubleEndsIt(String state) {
        assertThat(FatalErrors.endsAll(ofServer("ERROR", state))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "58P01", "58P02", "58000", "42883", "42704", "42501", "0A000", "XX000", "XX001", "22023", "53400",
                "55000", "2BP01", "HV000", "F0000", "38000", "P0001", "40P01", "55P03"
            })
    void whatIsAboutOneObjectDoesnt(String state) {
        assertThat(FatalErrors.endsAll(ofServer("ERROR", state))).isFalse();
    }

    /** A view over a foreign table speaks of its own server's connection. */
    @ParameterizedTest
    @ValueSource(strings = {"08001", "08003", "08006"})
    void aConnectionEndsItWhenItIsThisOne(String state) {
        assertThat(FatalErrors.endsAll(ofServer("ERROR", state))).isFalse();
        assertThat(FatalErrors.endsAll(ofServer("FATAL", state))).isTrue();
        assertThat(FatalErrors.endsAll(new PSQLException("lost", null, new java.io.IOException("reset"))))
                .isTrue();
        assertThat(FatalErrors.endsAll(new SQLException("lost", state))).isTrue();
    }

    @Test
    void aSessionThatIsOverIsOver() {
        assertThat(FatalErrors.endsAll(ofServer("FATAL", "XX000"))).isTrue();
    }
}

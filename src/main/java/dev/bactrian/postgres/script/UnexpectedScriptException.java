package dev.bactrian.postgres.script;

import java.io.IOException;

/** What should be a script of pg_dump's has something in it, or lacks something, that pg_dump never prints so. */
public final class UnexpectedScriptException extends IOException {

    private static final long serialVersionUID = 1L;

    UnexpectedScriptException(String what) {
        super(what);
    }
}

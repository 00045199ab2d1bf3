package dev.bactrian.archive;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An archive isn't what was written. The message goes on after "The archive can't be used: ". */
public class DamagedArchiveException extends IOException {

    private static final long serialVersionUID = 1L;

    public DamagedArchiveException(String what) {
        this(what, null);
    }

    public DamagedArchiveException(String what, @Nullable Throwable cause) {
        super(what, cause);
    }
}

package dev.bactrian.restore.rows;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.DataEntry;

/** One of the entries with a table's rows came damaged. */
final class DamagedRowsException extends DamagedArchiveException {

    private static final long serialVersionUID = 1L;

    private final transient DataEntry entry;

    DamagedRowsException(DataEntry entry, DamagedArchiveException cause) {
        super(String.valueOf(cause.getMessage()), cause);
        this.entry = entry;
    }

    DataEntry entry() {
        return entry;
    }
}

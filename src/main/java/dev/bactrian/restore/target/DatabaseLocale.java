package dev.bactrian.restore.target;

import dev.bactrian.archive.SavedDatabase;
import java.util.Objects;

/** How a database sorts and compares text. */
public final class DatabaseLocale {

    private DatabaseLocale() {}

    /** For people: {@code icu, locale en-US, collation C, ctype C}. */
    public static String text(SavedDatabase database) {
        return database.localeProvider()
                + (database.locale() == null ? "" : ", locale " + database.locale())
                + (database.icuRules() == null ? "" : ", rules " + database.icuRules())
                + ", collation " + database.collate() + ", ctype " + database.ctype();
    }

    public static boolean same(SavedDatabase one, SavedDatabase other) {
        return one.localeProvider().equals(other.localeProvider())
                && one.collate().equals(other.collate())
                && one.ctype().equals(other.ctype())
                && Objects.equals(one.locale(), other.locale())
                && Objects.equals(one.icuRules(), other.icuRules());
    }
}

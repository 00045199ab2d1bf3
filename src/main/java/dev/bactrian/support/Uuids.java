package dev.bactrian.support;

import java.util.regex.Pattern;

/** Ids as texts: {@link java.util.UUID#fromString} takes others, too. */
public final class Uuids {

    private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private Uuids() {}

    /** Whether a text has the form of one. */
    public static boolean isUuid(String text) {
        return FORM.matcher(text).matches();
    }
}

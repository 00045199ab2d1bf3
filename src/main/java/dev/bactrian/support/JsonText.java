package dev.bactrian.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;

/**
 * Writes what the program itself has put together: texts, numbers, and lists, maps and records of them. Values are what they are;
 * what would command a terminal that shows the JSON is written by JSON's own escapes ({@link PlainEscapes}).
 */
public final class JsonText {

    private static final ObjectWriter ONE_LINE = new ObjectMapper().writer();
    private static final PlainEscapes ESCAPES = new PlainEscapes();

    private JsonText() {}

    /** On one line, members by their own names. */
    public static String of(Object value) {
        return of(value, ONE_LINE);
    }

    /**
     * In a form of one's own.
     *
     * @throws IllegalStateException when the value holds something that JSON has no form for, which is a mistake of its maker
     */
    public static String of(Object value, ObjectWriter form) {
        try {
            return form.with(ESCAPES).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The value can't be written as JSON", e);
        }
    }
}

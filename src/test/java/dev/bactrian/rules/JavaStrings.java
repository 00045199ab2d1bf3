package dev.bactrian.rules;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The strings of a Java source, in which messages are. */
final class JavaStrings {

    /** Comments, text blocks, strings and characters; the groups are what a text block or a string has in it. */
    private static final Pattern TOKEN = Pattern.compile(
            "(?s)//[^\n]*|/\\*.*?\\*/|\"\"\"(.*?)\"\"\"|" + "\"((?:\\\\.|[^\"\\\\\n])*)\"|'(?:\\\\.|[^'\\\\\n])+'");

    private JavaStrings() {}

    /** Their texts, each in its line; joined strings are one text, and other code between them is dots, as are names. */
    static String of(String java) {
        StringBuilder kept = new StringBuilder();
        int end = 0;
        for (MatchResult match : TOKEN.matcher(java).results().toList()) {
            kept.append(code(java.substring(end, match.start())));
            String text = match.group(1) != null ? match.group(1) : match.group(2);
            if (text != null && !text.contains(" ")) {
                text = code(text);
            }
            kept.append(text != null ? text : match.group().replaceAll("[^\n]+", " "));
            end = match.end();
        }
        return kept.append(code(java.substring(end))).toString();
    }

    private static String code(String java) {
        return java.replaceAll("[^\\s+]+", ".").replaceAll("[ +]+", " ");
    }
}

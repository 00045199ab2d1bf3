package dev.bactrian.postgres.url;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Mistakes that people make when they put a password into a copied URI, found in its text before it is parsed. */
final class UrlMistakes {

    /** Supabase's dashboard has {@code [YOUR-PASSWORD]}; tools percent-encode it, people write it in their own way. */
    private static final Pattern PASSWORD_PLACEHOLDER = Pattern.compile(
            "(?i)(?:\\[|%5B|<|%3C|\\{)(?:your[-_ ]?)?(?:db[-_ ]?|database[-_ ]?)?password(?:\\]|%5D|>|%3E|\\})"
                    + "|:your[-_]password@");

    private static final Pattern PLACEHOLDER = Pattern.compile(
            "(?i)(?:\\[|%5B|<|%3C|\\{)(?<name>(?:your[-_ ]?)?(?:project[-_ ]?(?:ref|id)|region|aws[-_ ]region))(?:\\]|%5D|>|%3E|\\})");
    private static final Pattern BRACKETS = Pattern.compile("[a-z]+://[^:/?#@\\[\\]]*:\\[.*\\]@[^@]*");
    private static final Map<String, String> ESCAPES = new LinkedHashMap<>();

    static {
        ESCAPES.put("/", "%2F");
        ESCAPES.put("?", "%3F");
        ESCAPES.put("#", "%23");
    }

    private UrlMistakes() {}

    /** What is wrong and how to put it right, without any part of the password; empty when nothing is found. */
    static Optional<String> in(String uri) {
        if (PASSWORD_PLACEHOLDER.matcher(uri).find()) {
            return Optional.of("still has the placeholder [YOUR-PASSWORD]. Replace it with the database's password.");
        }
        Matcher placeholder = PLACEHOLDER.matcher(uri);
        if (placeholder.find()) {
            return Optional.of("still has the placeholder [" + placeholder.group("name")
                    + "]. Copy the whole string from the project's dashboard: Connect, Session pooler.");
        }
        // In the whole URI: an unescaped / or ? before the second one would make the password's end a name to show.
        if (uri.indexOf('@') != uri.lastIndexOf('@')) {
            return Optional.of("has more than one @. Percent-encode an @ in the user name or password as %40.");
        }
        if (BRACKETS.matcher(uri).matches()) {
            return Optional.of(
                    "has brackets around the password, which belonged to the placeholder. Remove them; write brackets "
                            + "that belong to the password as %5B and %5D.");
        }
        return unescaped(uri);
    }

    private static Optional<String> unescaped(String uri) {
        String beforeHost = uri.substring(uri.indexOf("://") + 3, Math.max(uri.indexOf('@'), uri.indexOf("://") + 3));
        List<String> found =
                ESCAPES.keySet().stream().filter(beforeHost::contains).toList();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        List<String> advice = new ArrayList<>();
        found.forEach(sign -> advice.add(sign + " is " + ESCAPES.get(sign)));
        return Optional.of("has an unescaped " + String.join(" and ", found)
                + " in the user name or password. Percent-encode it: " + String.join(", ", advice) + ".");
    }
}

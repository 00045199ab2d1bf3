package dev.bactrian.http.guard;

import static dev.bactrian.http.guard.RefusedRequestException.malformed;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request's head says of the body that follows. It is read strictly (RFC 9110 and 9112): whatever a proxy in front might
 * take otherwise than the server behind it is refused, since requests could be hidden in the difference.
 *
 * @param chunked whether the body is chunked
 * @param length of the body in bytes, where it isn't chunked; 0 for none
 */
record RequestHead(boolean chunked, long length) {

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    /** One space, and nothing else, between the three. Characters that no URI has, and # for which clients have no use here. */
    private static final Pattern LINE =
            Pattern.compile("(" + TOKEN + ") ([!$-;=?-~]+) HTTP/([0-9]\\.[0-9])", Pattern.DOTALL);

    private static final Pattern FIELD =
            Pattern.compile("(" + TOKEN + "):([\\t\\x20-\\x7e\\x80-\\xff]*+)", Pattern.DOTALL);

    private static final Pattern AUTHORITY =
            Pattern.compile("([A-Za-z0-9._~!$&'()*+;=%-]+|\\[[0-9A-Za-z:.]+])(:[0-9]{0,5})?");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://([^/?]*)([/?].*)?");
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /** Fields that must be there once at most, and by no other name that a gateway might take for theirs. */
    private static final Set<String> ONCE = Set.of("host", "content-length", "transfer-encoding", "expect");

    private static final int MOST_FIELDS = 100;

    /**
     * Reads a head.
     *
     * @param text its lines in ISO-8859-1, each ended by CRLF, without the empty one
     */
    static RequestHead of(String text) throws RefusedRequestException {
        String[] lines = text.split("\r\n", -1);
        Matcher line = LINE.matcher(lines[0]);
        if (!line.matches()) {
            throw malformed("Its first line must be a method, a space, a path, a space and HTTP/1.1.");
        }
        boolean old = "1.0".equals(line.group(3));
        if (!old && !"1.1".equals(line.group(3))) {
            throw RefusedRequestException.of(
                    505, "http-version", "This version of HTTP isn't supported", "Send the request with HTTP/1.1.");
        }
        Map<String, String> once = fields(lines);
        target(line.group(1), line.group(2), once.get("host"), old);
        expectation(once.get("expect"));
        String coding = once.get("transfer-encoding");
        String length = once.get("content-length");
        if (coding != null) {
            if (old || length != null || !"chunked".equalsIgnoreCase(coding)) {
                throw malformed("Its body must have a Content-Length, or else Transfer-Encoding: chunked by HTTP/1.1, "
                        + "and no other encoding.");
            }
            return new RequestHead(true, 0);
        }
        if (length != null && !LENGTH.matcher(length).matches()) {
            throw malformed("Its Content-Length must be one number of decimal digits.");
        }
        return new RequestHead(false, length == null ? 0 : Long.parseLong(length));
    }

    private static Map<String, String> fields(String[] lines) throws RefusedRequestException {
        if (lines.length - 1 > MOST_FIELDS) {
            throw RefusedRequestException.of(
                    431,
                    "head-too-large",
                    "The request has too many headers",
                    "Send at most " + MOST_FIELDS + " headers.");
        }
        Map<String, String> once = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            Matcher field = FIELD.matcher(lines[i]);
            if (!field.matches()) {
                throw malformed("Header " + i + " must be a name, a colon right after it, and a value without control "
                        + "characters, on one line.");
            }
            String sent = field.group(1).toLowerCase(Locale.ROOT);
            String name = sent.replace('_', '-');
            String value = field.group(2).strip();
            if (!ONCE.contains(name)) {
                connectionOptions(name, value);
            } else if (!name.equals(sent) || once.put(name, value) != null) {
                throw malformed("It must have the header " + name + " at most once, under this name.");
            }
        }
        return once;
    }

    /** A proxy takes the headers off that are named there, and so must not the ones that say where a request ends. */
    private static void connectionOptions(String name, String value) throws RefusedRequestException {
        if (name.equals("connection")) {
            for (String option : value.toLowerCase(Locale.ROOT).split(",", -1)) {
                if (ONCE.contains(option.strip())) {
                    throw malformed("Its header connection must not name the header " + option.strip() + ".");
                }
            }
        }
    }

    private static void target(String method, String target, @Nullable String host, boolean old)
            throws RefusedRequestException {
        if (host == null ? !old : !AUTHORITY.matcher(host).matches()) {
            throw malformed("It must have one header Host, with a host name and optionally a port.");
        }
        Matcher absolute = ABSOLUTE.matcher(target);
        String path = target;
        if (absolute.matches()) {
            if (!absolute.group(1).equalsIgnoreCase(host)) {
                throw malformed("Its address and its header Host name different hosts.");
            }
            path = absolute.group(2) == null ? "/" : absolute.group(2);
        } else if (!target.startsWith("/") && !("*".equals(target) && "OPTIONS".equals(method))) {
            throw malformed("Its path must begin with /.");
        }
        int query = path.indexOf('?');
        String place = query < 0 ? path : path.substring(0, query);
        if (place.indexOf('\\') >= 0 || place.contains("%00")) {
            throw malformed("Its path must not contain a backslash or a NUL.");
        }
        if (BROKEN_ESCAPE.matcher(place).find()) {
            throw malformed("Each % in its path must be followed by two hexadecimal digits.");
        }
    }

    private static void expectation(@Nullable String expected) throws RefusedRequestException {
        if (expected != null && !"100-continue".equalsIgnoreCase(expected)) {
            throw RefusedRequestException.of(
                    417,
                    "expectation-failed",
                    "This expectation isn't supported",
                    "Send Expect: 100-continue, or no header Expect.");
        }
    }
}

package dev.bactrian.routes;

import dev.bactrian.problem.ConfigurationException;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.support.Causes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/** Says where the routes are wrong that Camel can't load: it names neither file nor line, and some of its words are only names. */
public final class LoadErrors {

    /** What looks like a name: more than a word. */
    private static final Pattern NAME = Pattern.compile("[\\w-]+(?:[-.]\\w+)+|[A-Z_]{5,}|\\w*[a-z][A-Z]\\w*");

    private LoadErrors() {}

    /**
     * What to say of an error of loading them.
     *
     * @param camel as far as it has come
     * @return the error itself where it says what to do
     */
    public static Exception of(CamelContext camel, List<Path> files, Exception error) {
        Throwable cause = Causes.innermost(error);
        if (cause instanceof ConfigurationException || cause instanceof ProblemException) {
            return error;
        }
        List<String> errors = new ArrayList<>(RouteCheck.ofText(camel, files));
        String text = text(cause);
        errors.add(place(files, text) + "the routes can't be loaded: " + text
                + ". Correct that; docs/routes.md has what a route file may hold.");
        ConfigurationException told = new ConfigurationException(errors);
        told.initCause(error);
        return told;
    }

    private static String text(Throwable cause) {
        String message = String.valueOf(cause.getMessage())
                .strip()
                .replaceAll("\\s+", " ")
                .replaceFirst("\\.$", "");
        if (cause instanceof ClassNotFoundException) {
            return "there is no class " + message;
        }
        return cause instanceof NoSuchMethodException
                ? "the class has no constructor with these arguments: " + message.replaceFirst("\\.<init>.*", "")
                : message;
    }

    /** The first line of a route file that has a name which the message has, too. */
    private static String place(List<Path> files, String text) {
        for (String name : NAME.matcher(text).results().map(MatchResult::group).toList()) {
            for (Path file : files) {
                List<String> lines = lines(file);
                for (int line = 0; line < lines.size(); line++) {
                    if (lines.get(line).contains(name)) {
                        return file + ":" + (line + 1) + ": ";
                    }
                }
            }
        }
        return "";
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be read", e);
        }
    }
}

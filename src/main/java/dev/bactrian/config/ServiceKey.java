package dev.bactrian.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;

/**
 * A key that may read and write everything of a Supabase project: a secret key ({@code sb_secret_…}), or a JWT whose role
 * is {@code service_role} (Supabase's documentation, "Understanding API keys").
 */
final class ServiceKey {

    private static final String WHERE = "Copy a secret key, or the service_role key, from the project's API settings.";
    private static final int PARTS = 3;

    private ServiceKey() {}

    /**
     * Tells it from the other keys of a project.
     *
     * @throws IllegalArgumentException saying what it is instead, without the key itself
     */
    static void check(String key) {
        if (key.matches("sb_secret_[A-Za-z0-9_-]+")) {
            return;
        }
        if (key.startsWith("sb_publishable_")) {
            throw new IllegalArgumentException("is a publishable key, which can't read private files. " + WHERE);
        }
        String role = role(key);
        if ("anon".equals(role)) {
            throw new IllegalArgumentException("is the anon key, which can't read private files. " + WHERE);
        }
        if (!"service_role".equals(role)) {
            throw new IllegalArgumentException("isn't a key for the role service_role. " + WHERE);
        }
    }

    /** The ref of the project that a JWT was made for; empty when the key doesn't say. */
    static String project(String key) {
        return claim(key, "ref");
    }

    private static String role(String key) {
        return claim(key, "role");
    }

    /** Nothing is verified here: Supabase does that. */
    private static String claim(String key, String name) {
        String[] parts = key.split("\\.", -1);
        if (parts.length != PARTS) {
            return "";
        }
        try {
            JsonNode payload =
                    new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[1]));
            return payload.path(name).asText();
        } catch (IOException | IllegalArgumentException e) {
            return "";
        }
    }
}

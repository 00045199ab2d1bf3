package dev.bactrian.http.api;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where clients find the API's paths: at the top of the host, or below a path that a reverse proxy takes off.
 *
 * @param prefix that path as it is in a URL, with a slash at its start and none at its end; or empty
 */
public record PublicPath(String prefix) {

    /** Below a service's public address, which has no slash at its end; at the top where there is none. */
    public static PublicPath below(@Nullable String publicUrl) {
        return new PublicPath(publicUrl == null ? "" : URI.create(publicUrl).getRawPath());
    }

    /** The path of a client's request, of one as this service sees it. */
    public String of(String path) {
        return prefix + path;
    }
}

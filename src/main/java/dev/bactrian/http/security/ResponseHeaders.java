package dev.bactrian.http.security;

import dev.bactrian.http.page.PageFiles;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * What every answer tells a browser about how to treat it. They are set in front of the routes, so that no answer is without
 * them; Camel lets no route set {@code Cache-Control}, besides.
 */
final class ResponseHeaders {

    /** The page loads nothing but its own files, runs no script of a text's, and can't be framed (CSP Level 3). */
    private static final String PAGE_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                    + "require-trusted-types-for 'script'; trusted-types lit-html";
    /** What isn't a page must never be taken for one. */
    private static final String OTHER_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

    private ResponseHeaders() {}

    /** Whether a request is about the page or a file of it. */
    static boolean isPage(RoutingContext context) {
        String path = context.normalizedPath();
        return ApiKeyGate.READING.contains(context.request().method())
                && (path.equals("/") || path.startsWith(PageFiles.PATH));
    }

    static void set(RoutingContext context) {
        HttpServerResponse response = context.response();
        response.putHeader("X-Content-Type-Options", "nosniff").putHeader("Referrer-Policy", "no-referrer");
        if (isPage(context)) {
            response.putHeader("Content-Security-Policy", PAGE_POLICY)
                    // Kept, and asked for at each use, which is cheap: so a new version is seen at once.
                    .putHeader("Cache-Control", "no-cache")
                    // Public, without cookies: other origins may embed the panel.
                    .putHeader("Access-Control-Allow-Origin", "*")
                    .putHeader("Cross-Origin-Resource-Policy", "cross-origin");
        } else {
            response.putHeader("Content-Security-Policy", OTHER_POLICY).putHeader("Cache-Control", "no-store");
        }
    }
}

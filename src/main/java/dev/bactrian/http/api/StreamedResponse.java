package dev.bactrian.http.api;

import io.vertx.core.http.HttpServerResponse;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.UnitOfWorkHelper;

/** An answer that is saved as a file, streamed: what of it is on its way is all that is ever held here. */
final class StreamedResponse {

    /** Characters, of its end. */
    private static final int LONGEST_FILE_NAME = 200;

    private StreamedResponse() {}

    /** A file's name that no browser cuts in its own way. */
    static String shortened(String name) {
        return name.substring(Math.max(0, name.length() - LONGEST_FILE_NAME));
    }

    /**
     * Makes a download the answer. A caller who goes away ends the reading of the store.
     *
     * @param size of the content in bytes
     * @param name of the file, of harmless characters only
     */
    static void send(
            Exchange exchange,
            HttpServerResponse response,
            EntryDownload download,
            long size,
            String type,
            String name) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange ended) {
                download.close();
            }
        });
        response.closeHandler(gone -> {
            download.close();
            // Camel waits for a buffer that isn't emptied any more. On this thread it would end the exchange itself.
            if (response.headWritten()) {
                UnitOfWorkHelper.doneUow(exchange.getUnitOfWork(), exchange);
            }
        });
        // Camel knows no length of a stream, and sends it in chunks; with its length a browser shows how far it is.
        response.headersEndHandler(ending -> {
            response.headers().remove("Transfer-Encoding");
            response.putHeader("Content-Length", Long.toString(size));
        });
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, type);
        message.setHeader("Content-Disposition", "attachment; filename=\"" + name + "\"");
        message.setBody(download);
    }
}

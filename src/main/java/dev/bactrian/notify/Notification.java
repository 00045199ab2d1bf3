package dev.bactrian.notify;

/**
 * A message on its way to one endpoint.
 *
 * @param key which of the settings' endpoints it is, for the history and the log: never the endpoint itself
 * @param uri the endpoint, which may hold a key
 * @param json whether it takes JSON; else text
 */
public record Notification(String key, String uri, boolean json, Message message) {

    /** Without the endpoint. */
    @Override
    public String toString() {
        return "Notification " + key;
    }
}

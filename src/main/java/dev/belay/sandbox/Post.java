package dev.belay.sandbox;

/**
 * Something that a sender outside would post to Belay now.
 *
 * @param path where, as in {@code /webhooks/alertmanager}
 * @param json the body, of type {@code application/json}
 */
public record Post(String path, String json) {}

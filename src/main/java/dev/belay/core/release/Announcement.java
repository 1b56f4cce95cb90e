package dev.belay.core.release;

/**
 * Who spoke of a release, and by which name: the two together are unique, and a redelivery carries
 * the same.
 */
public record Announcement(String id, String source) {}

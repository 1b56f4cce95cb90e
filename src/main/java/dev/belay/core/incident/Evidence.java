package dev.belay.core.incident;

/**
 * One thing that was seen and that a decision rests on.
 *
 * @param what its name: {@code release}, {@code fired before}, {@code generation}
 * @param value what was seen; may hold foreign text
 */
public record Evidence(String what, String value) {}

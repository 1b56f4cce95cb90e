package dev.belay.core.release;

/**
 * Who keeps something in the cluster as it is.
 *
 * @param name for people: {@code Argo CD}, {@code Flux}, {@code Helm}, {@code Flagger}, or kind and
 *     name of what controls it
 * @param undoes whether it puts back by itself what others change
 */
public record Owner(String name, boolean undoes) {}

package dev.belay.sandbox;

/** Something that people or the world do to a service of the sandbox. */
public sealed interface Deed {
  /** Somebody ships an image: {@code kubectl set image} and a release event. */
  record Ship(String service, String version, String image, String actor) implements Deed {}

  /** So many requests per second come in from now on. */
  record Load(String service, double requestsPerSecond) implements Deed {}

  /** So large a share of the requests fails from now on for a dependency's fault, 0 to 1. */
  record DependencyFails(String service, double share) implements Deed {}

  /** The metrics vanish, or are back. */
  record Metrics(boolean present) implements Deed {}
}

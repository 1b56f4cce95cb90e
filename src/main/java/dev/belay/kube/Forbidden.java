package dev.belay.kube;

/** The server does not let Belay read what it must read. */
final class Forbidden extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Forbidden(String message) {
    super(message);
  }
}

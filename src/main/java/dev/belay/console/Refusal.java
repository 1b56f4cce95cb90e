package dev.belay.console;

/** A request that is not granted, with a sentence that says why and what to do. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  Refusal(int status, String sentence) {
    super(sentence, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** The sentence. */
  String sentence() {
    return String.valueOf(getMessage());
  }
}

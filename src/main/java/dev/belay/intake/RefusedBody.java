package dev.belay.intake;

/** Leaves the reading of a body that will be refused. */
final class RefusedBody extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Parsed.Refusal why;
  private final String sentence;

  RefusedBody(Parsed.Refusal why, String sentence) {
    super(sentence, null, false, false);
    this.why = why;
    this.sentence = sentence;
  }

  Parsed.Refused refused() {
    return new Parsed.Refused(why, sentence);
  }
}

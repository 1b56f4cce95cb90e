package dev.belay.rules.yaml;

/** A text that means nothing here. The message says what is wrong and what would be right. */
public final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  /** With a sentence for people. */
  public Unreadable(String sentence) {
    super(sentence, null, false, false);
  }

  /** The sentence. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}

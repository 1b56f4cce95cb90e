package dev.belay.core.incident;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a person can answer by a button. */
public enum Answer {
  /** What is proposed, or counts down, may be done now. */
  APPROVE,
  /** It must not be done. */
  VETO,
  /** The person has seen it; nobody else need be called. */
  ACKNOWLEDGE,
  /** The person has the incident in hand for a while. */
  SNOOZE,
  /** Everything is to be put on hold. */
  HOLD;

  /** The answer as people write it in the configuration, and as machines name it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The answer of this word. */
  public static Optional<Answer> of(String word) {
    return Arrays.stream(values()).filter(answer -> answer.word().equals(word)).findFirst();
  }
}

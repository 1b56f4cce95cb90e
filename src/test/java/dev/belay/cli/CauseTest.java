package dev.belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.port.JournalFailed;
import org.junit.jupiter.api.Test;

class CauseTest {
  /** It said "cannot go on: null". */
  @Test
  void namesTheClassOfWhatHasNoWords() {
    assertEquals("java.lang.StackOverflowError", Cause.of(new StackOverflowError()));
  }

  @Test
  void leavesSentencesAlone() {
    assertEquals(
        "The disk is gone.", Cause.of(new JournalFailed("The disk is gone.", new Exception())));
  }
}

package dev.belay.rules;

import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Mode.Kind;
import dev.belay.rules.yaml.Durations;
import dev.belay.rules.yaml.Nearest;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Unreadable;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Reads {@code observe}, {@code propose [DURATION]}, {@code veto [DURATION]}, {@code act}. */
public final class Modes {
  private static final List<String> WORDS = Stream.of(Kind.values()).map(Kind::word).toList();
  private static final Duration LONGEST = Duration.ofDays(1);

  private Modes() {}

  /**
   * The mode that the text means.
   *
   * @throws Unreadable where it means none, or the window is zero or longer than a day
   */
  public static Mode parse(String text) throws Unreadable {
    String word = text.split(" ", 2)[0];
    String rest = text.substring(word.length()).strip();
    Mode mode =
        Mode.of(word)
            .orElseThrow(
                () ->
                    new Unreadable(Quoted.of(text) + " is not a mode" + Nearest.hint(word, WORDS)));
    return rest.isEmpty() ? mode : new Mode(mode.kind(), window(mode.kind(), rest));
  }

  private static Duration window(Kind kind, String text) throws Unreadable {
    return switch (kind) {
      case OBSERVE, ACT ->
          throw new Unreadable(
              "only \"propose\" and \"veto\" take a duration; leave out " + Quoted.of(text));
      case PROPOSE, VETO -> {
        Duration window = Durations.positive(text);
        if (window.compareTo(LONGEST) > 0) {
          throw new Unreadable(Quoted.of(text) + " is too long a wait; at most 1d");
        }
        yield window;
      }
    };
  }
}

package dev.belay.intake;

import dev.belay.core.alert.Alert;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The alerts of one body: those that are valid, and what is wrong with the others. */
final class AlertArray {
  private static final int MOST_COMPLAINTS = 10;

  /** A door's rules for one alert. */
  interface Judge {
    /**
     * The alert, made uniform.
     *
     * @throws InvalidAlert where it breaks the door's rules
     */
    Alert judge(RawAlert raw);
  }

  /** One alert breaks its door's rules. */
  static final class InvalidAlert extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    InvalidAlert(String sentence) {
      super(sentence, null, false, false);
      this.sentence = sentence;
    }
  }

  private final List<Alert> alerts = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private int invalid;

  /**
   * Reads the array at whose start the stream stands, to its end.
   *
   * @throws RefusedBody where it holds too many
   */
  void read(JsonParser json, IntakeLimits limits, Texts texts, Judge judge) {
    int index = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (index == limits.alerts()) {
        throw new RefusedBody(
            Parsed.Refusal.TOO_LARGE,
            "the request holds more than "
                + limits.alerts()
                + " alerts; send fewer at a time (Alertmanager: max_alerts)");
      }
      RawAlert raw = RawAlert.read(json, limits, texts);
      if (raw.problem().isEmpty()) {
        add(index, raw, judge);
      } else {
        complain(index, raw.problem());
      }
      index++;
    }
  }

  private void add(int index, RawAlert raw, Judge judge) {
    try {
      alerts.add(judge.judge(raw));
    } catch (InvalidAlert e) {
      complain(index, e.sentence);
    }
  }

  private void complain(int index, String sentence) {
    invalid++;
    if (complaints.size() < MOST_COMPLAINTS) {
      complaints.add("alerts[" + index + "]: " + sentence);
    }
  }

  /** Those that are valid, in the order of the body. */
  List<Alert> alerts() {
    return List.copyOf(alerts);
  }

  /** How many are not valid. */
  int invalid() {
    return invalid;
  }

  /** A sentence on those that are not valid; empty where all are. */
  Optional<String> complaint() {
    if (invalid == 0) {
      return Optional.empty();
    }
    int more = invalid - complaints.size();
    return Optional.of(
        String.join("; ", complaints) + (more == 0 ? "" : "; and " + more + " more"));
  }
}

package dev.belay.intake.slack;

import dev.belay.core.incident.Answer;
import dev.belay.core.incident.AnswerSlip;
import dev.belay.intake.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Slack's {@code block_actions} payload, the same by whichever way it comes in. */
final class Payload {
  private static final Pattern USER = Pattern.compile("[A-Z0-9]{1,32}");
  private static final int NAME = 60;
  private static final int PRESSES = 10;

  static final int LARGEST = 256 << 10;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxDocumentLength(LARGEST)
                          .build())
                  .build())
          .build();

  private Payload() {}

  /** Any JSON of Slack's, bounded; empty where it is none. */
  static Optional<JsonNode> json(String text) {
    try {
      return Optional.of(JSON.readTree(text));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** The presses in it that are of Belay's buttons; anything else is none of ours. */
  static List<Press> presses(JsonNode payload) {
    String user = payload.path("user").path("id").asString("");
    if (!payload.path("type").asString("").equals("block_actions")
        || !USER.matcher(user).matches()) {
      return List.of();
    }
    Optional<String> responseUrl =
        Optional.of(payload.path("response_url").asString("")).filter(url -> !url.isEmpty());
    List<Press> presses = new ArrayList<>();
    for (JsonNode action : payload.path("actions")) {
      Optional<Answer> answer = Answer.of(action.path("action_id").asString(""));
      Optional<AnswerSlip> about = AnswerSlip.parse(action.path("value").asString(""));
      if (answer.isPresent() && about.isPresent() && presses.size() < PRESSES) {
        presses.add(new Press(answer.get(), about.get(), user, person(payload, user), responseUrl));
      }
    }
    return presses;
  }

  /** The id says who it is; the name is what anybody may call themselves. */
  private static String person(JsonNode payload, String user) {
    JsonNode named = payload.path("user");
    String name = named.path("username").asString(named.path("name").asString(""));
    String shown = OneLine.of(name.length() > NAME ? name.substring(0, NAME) : name).strip();
    return shown.isEmpty() ? "Slack user " + user : shown + " (Slack " + user + ")";
  }
}

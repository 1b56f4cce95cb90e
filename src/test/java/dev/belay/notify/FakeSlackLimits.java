package dev.belay.notify;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Slack's limits on one message, by the Block Kit reference; counted in UTF-16 units. */
final class FakeSlackLimits {
  private FakeSlackLimits() {}

  /** The error that Slack would answer with. */
  static Optional<String> refused(String text, JsonNode blocks, int longestText) {
    if (text.isEmpty() && blocks.isEmpty()) {
      return Optional.of("no_text");
    }
    if (text.length() > longestText) {
      return Optional.of("msg_too_long");
    }
    if (!blocks.isArray() || blocks.size() > 50) {
      return Optional.of("invalid_blocks");
    }
    int total = 0;
    for (JsonNode block : blocks) {
      if (!fits(block)) {
        return Optional.of("invalid_blocks");
      }
      total += length(block);
    }
    return total > 13_200 ? Optional.of("msg_blocks_too_long") : Optional.empty();
  }

  private static boolean fits(JsonNode block) {
    if (block.path("block_id").asString("").length() > 255) {
      return false;
    }
    return switch (block.path("type").asString("")) {
      case "header" ->
          block.path("text").path("type").asString("").equals("plain_text")
              && within(block.path("text"), 150);
      case "section" -> section(block);
      case "context" -> each(block.path("elements"), 10, 3_000);
      case "divider" -> true;
      case "actions" -> actions(block.path("elements"));
      default -> false;
    };
  }

  private static boolean section(JsonNode block) {
    boolean text = block.has("text");
    boolean fields = block.has("fields");
    return (text || fields)
        && (!text || within(block.path("text"), 3_000))
        && (!fields || each(block.path("fields"), 10, 2_000));
  }

  /** Buttons; two of one block need two ids. */
  private static boolean actions(JsonNode elements) {
    Set<String> ids = new HashSet<>();
    for (JsonNode button : elements) {
      String id = button.path("action_id").asString("");
      boolean fits =
          button.path("type").asString("").equals("button")
              && button.path("text").path("type").asString("").equals("plain_text")
              && within(button.path("text"), 75)
              && button.path("value").asString("").length() <= 2_000
              && !id.isEmpty()
              && id.length() <= 255
              && ids.add(id)
              && (!button.has("confirm") || confirm(button.path("confirm")));
      if (!fits) {
        return false;
      }
    }
    return !elements.isEmpty() && elements.size() <= 25;
  }

  private static boolean confirm(JsonNode dialog) {
    return within(dialog.path("title"), 100)
        && within(dialog.path("text"), 300)
        && within(dialog.path("confirm"), 30)
        && within(dialog.path("deny"), 30);
  }

  private static boolean each(JsonNode texts, int most, int longest) {
    if (texts.isEmpty() || texts.size() > most) {
      return false;
    }
    for (JsonNode text : texts) {
      if (!within(text, longest)) {
        return false;
      }
    }
    return true;
  }

  private static boolean within(JsonNode text, int longest) {
    int length = text.path("text").asString("").length();
    return length > 0 && length <= longest;
  }

  private static int length(JsonNode node) {
    int length = node.path("text").isString() ? node.path("text").asString().length() : 0;
    for (JsonNode child : node) {
      length += length(child);
    }
    return length;
  }
}

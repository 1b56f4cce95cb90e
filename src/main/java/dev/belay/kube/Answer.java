package dev.belay.kube;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What came back for one request. */
sealed interface Answer {
  /** The server answered, whatever it said. */
  record Of(int code, JsonNode body) implements Answer {
    private static final int LONGEST = 300;

    boolean successful() {
      return code >= 200 && code < 300;
    }

    /** Whether the server may not have done, or may yet have done, what it was asked. */
    boolean undecided() {
      return code < 200 || (code >= 300 && code < 400) || code == 408 || code == 429 || code >= 500;
    }

    /**
     * What the server said, for people. Where it objects to fields, their names only: its message
     * would quote their values, and those may be secrets.
     */
    String message() {
      List<String> fields = new ArrayList<>();
      for (JsonNode cause : body.path("details").path("causes")) {
        if (cause.has("field")) {
          fields.add(cause.path("field").asString("") + ": " + cause.path("reason").asString(""));
        }
      }
      String said =
          fields.isEmpty() ? body.path("message").asString("") : String.join(", ", fields);
      String shortened = said.length() > LONGEST ? said.substring(0, LONGEST) + "..." : said;
      return shortened.isEmpty() ? "HTTP " + code : "HTTP " + code + ": " + shortened;
    }
  }

  /** No connection was had: the server has not seen the request. */
  record Unsent(String why) implements Answer {}

  /** The request may have reached the server, and the answer was lost. */
  record Lost(String why) implements Answer {}
}

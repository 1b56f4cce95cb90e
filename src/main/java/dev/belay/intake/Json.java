package dev.belay.intake;

import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON from strangers: bounded in depth and length, and errors that say where. */
final class Json {
  private static final int DEEPEST = 32;
  private static final int LONGEST_STRING = 64 << 10;
  private static final int LONGEST_NAME = 4 << 10;
  private static final int LONGEST_NUMBER = 100;

  private final JsonFactory streams;
  private final JsonMapper trees;

  Json(int bodyBytes) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(DEEPEST)
            .maxStringLength(LONGEST_STRING)
            .maxNameLength(LONGEST_NAME)
            .maxNumberLength(LONGEST_NUMBER)
            .maxDocumentLength(bodyBytes)
            .build();
    streams = JsonFactory.builder().streamReadConstraints(constraints).build();
    trees =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(constraints)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();
  }

  /**
   * Reads a body as a stream of tokens, for the alerts: they are many. What cannot be read becomes
   * a refusal, and so does what the reader refuses.
   */
  Parsed reading(byte[] body, Function<JsonParser, Parsed> reader) {
    try (JsonParser stream =
        streams.createParser(ObjectReadContext.empty(), body, 0, body.length)) {
      return reader.apply(stream);
    } catch (RefusedBody e) {
      return e.refused();
    } catch (JacksonException e) {
      return malformed(e);
    }
  }

  /** The whole tree, for release events: they are few. A key given twice is an error. */
  JsonNode tree(byte[] body) {
    return trees.readTree(body);
  }

  static Parsed.Refused malformed(JacksonException error) {
    TokenStreamLocation at = error.getLocation();
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return new Parsed.Refused(
        Parsed.Refusal.MALFORMED,
        "the body is not JSON that can be read" + where + ": " + plain(error.getOriginalMessage()));
  }

  /** Jackson's sentence, without the remark about its own reader that it may end with. */
  private static String plain(String message) {
    int remark = message.lastIndexOf(" (", Math.max(message.indexOf("[Source:"), 0));
    return remark < 0 ? message : message.substring(0, remark);
  }
}

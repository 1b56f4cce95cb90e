package dev.belay.intake.prometheus;

import dev.belay.core.alert.Labels;
import dev.belay.intake.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the bodies of Prometheus's {@code /api/v1/query}. Never throws. */
final class AnswerReader {
  private static final int DEEPEST = 16;
  private static final int LONGEST_TEXT = 64 << 10;
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(LONGEST_TEXT)
                          .build())
                  .build())
          .build();

  private AnswerReader() {}

  /** A body that came with success. */
  static Answer answer(byte[] body) {
    try {
      JsonNode root = JSON.readTree(body);
      if (!"success".equals(root.path("status").asString(""))) {
        return unreadable("it is no answer of Prometheus's query API");
      }
      JsonNode warnings = root.path("warnings");
      if (!warnings.isEmpty()) {
        return new Answer.Unknown(
            Result.INCOMPLETE,
            "Prometheus warns that the answer may be incomplete: "
                + OneLine.of(warnings.get(0).asString("")));
      }
      return data(root.path("data"));
    } catch (JacksonException e) {
      return unreadable("it is no JSON");
    } catch (IllegalArgumentException e) {
      return unreadable(String.valueOf(e.getMessage()));
    }
  }

  /** The error that a body tells of, where it does. */
  static Optional<String> error(byte[] body) {
    try {
      return Optional.of(JSON.readTree(body).path("error").asString(""))
          .filter(text -> !text.isBlank())
          .map(OneLine::of);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static Answer data(JsonNode data) {
    JsonNode result = data.path("result");
    String type = data.path("resultType").asString("");
    return switch (type) {
      case "vector" -> vector(result);
      case "scalar" -> new Answer.Series(List.of(new Sample(Labels.NONE, value(result))));
      default ->
          new Answer.Unknown(
              Result.BAD_QUERY,
              "the query gives a "
                  + OneLine.of(type)
                  + "; write one that gives a value for each series, as rate(x[1m]) does");
    };
  }

  private static Answer vector(JsonNode result) {
    if (!result.isArray()) {
      return unreadable("it has no series");
    }
    List<Sample> samples = new ArrayList<>(result.size());
    for (JsonNode series : result) {
      List<String> labels = new ArrayList<>();
      for (var label : series.path("metric").properties()) {
        labels.add(label.getKey());
        labels.add(label.getValue().asString(""));
      }
      if (series.has("histogram")) {
        return new Answer.Unknown(
            Result.BAD_QUERY,
            "the query gives histograms; write one that gives a number, as histogram_quantile"
                + " does");
      }
      samples.add(
          new Sample(Labels.of(labels.toArray(String[]::new)), value(series.path("value"))));
    }
    return new Answer.Series(List.copyOf(samples));
  }

  /** The pair of a time stamp and a number as a text. */
  private static double value(JsonNode pair) {
    String text = pair.path(1).asString("");
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      case "NaN" -> Double.NaN;
      default -> number(text);
    };
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("it has a value that is no number", e);
    }
  }

  private static Answer unreadable(String what) {
    return new Answer.Unknown(
        Result.UNREADABLE,
        "the answer cannot be read: " + what + "; check that prometheus.url is Prometheus's");
  }
}

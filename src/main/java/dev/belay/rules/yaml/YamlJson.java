package dev.belay.rules.yaml;

import dev.belay.rules.yaml.Yaml.Entry;
import dev.belay.rules.yaml.Yaml.Mapping;
import dev.belay.rules.yaml.Yaml.Scalar;
import dev.belay.rules.yaml.Yaml.Sequence;
import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes JSON of YAML. */
public final class YamlJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private YamlJson() {}

  /** A scalar that is no JSON. */
  public static final class NotJson extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Spot at;
    private final String sentence;

    NotJson(Scalar scalar) {
      super("not JSON", null, false, false);
      this.at = scalar.at();
      this.sentence =
          Quoted.of(scalar.text())
              + " is read differently by different programs; write a plain decimal number, or put"
              + " it in quotes";
    }

    /** Where it stands. */
    public Spot at() {
      return at;
    }

    /** What is wrong and what would be right. */
    public String sentence() {
      return sentence;
    }
  }

  /**
   * The same as JSON.
   *
   * @throws NotJson where a number is not written as JSON writes it, such as {@code 0755} or {@code
   *     .inf}
   */
  public static JsonNode of(Yaml node) throws NotJson {
    return switch (node) {
      case Mapping(Spot _, var entries) -> {
        ObjectNode object = JSON.objectNode();
        for (Entry entry : entries) {
          object.set(entry.key(), of(entry.value()));
        }
        yield object;
      }
      case Sequence(Spot _, var items) -> {
        ArrayNode array = JSON.arrayNode();
        for (Yaml item : items) {
          array.add(of(item));
        }
        yield array;
      }
      case Scalar scalar -> scalar(scalar);
    };
  }

  private static JsonNode scalar(Scalar scalar) throws NotJson {
    String text = scalar.text();
    return switch (scalar.kind()) {
      case TEXT, EXPANDED -> JSON.stringNode(text);
      case NOTHING -> JSON.nullNode();
      case TRUTH -> JSON.booleanNode(Boolean.parseBoolean(text));
      case WHOLE, REAL -> {
        if (!text.matches("-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,17})?([eE][-+]?[0-9]{1,2})?")) {
          throw new NotJson(scalar);
        }
        yield text.matches("-?[0-9]+")
            ? JSON.numberNode(new BigInteger(text))
            : JSON.numberNode(new BigDecimal(text));
      }
    };
  }
}

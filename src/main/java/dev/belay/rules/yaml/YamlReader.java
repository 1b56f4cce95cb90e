package dev.belay.rules.yaml;

import dev.belay.rules.yaml.Yaml.Entry;
import dev.belay.rules.yaml.Yaml.Kind;
import dev.belay.rules.yaml.Yaml.Mapping;
import dev.belay.rules.yaml.Yaml.Scalar;
import dev.belay.rules.yaml.Yaml.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML 1.2 within limits: {@value #DEPTH} levels, {@value #NODES} nodes with every alias
 * counted for all that it stands for. Builds its tree from the parser's events, because the
 * library's own composer recurses without a limit.
 */
public final class YamlReader {
  private static final int DEPTH = 40;
  private static final int NODES = 100_000;

  private record Anchored(Yaml node, int weight) {}

  private final String name;
  private final Problems problems;
  private final Iterator<Event> events;
  private final ScalarResolver resolver = new CoreSchema().getScalarResolver();
  private final Map<Anchor, Anchored> anchors = new HashMap<>();
  private int nodes;

  private YamlReader(SourceFile source, Problems problems) {
    LoadSettings settings =
        LoadSettings.builder()
            .setUseMarks(true)
            .setParseComments(false)
            .setCodePointLimit(Math.max(1, source.text().length()))
            .build();
    this.name = source.name();
    this.problems = problems;
    this.events = new Parse(settings).parseString(source.text()).iterator();
  }

  /**
   * The only document of a file.
   *
   * @return empty where there is none, or where it is no YAML; then the problems say why
   */
  public static Optional<Yaml> one(SourceFile source, Problems problems) {
    List<Yaml> documents = all(source, problems);
    if (documents.size() > 1) {
      problems.error(
          documents.get(1).at(), "a second document begins here; write one document in a file");
      return Optional.empty();
    }
    return documents.stream().findFirst();
  }

  /** All documents of a file that are not empty; none where it is no YAML. */
  public static List<Yaml> all(SourceFile source, Problems problems) {
    try {
      return new YamlReader(source, problems).documents();
    } catch (Stopped stopped) {
      problems.error(stopped.at, stopped.sentence);
    } catch (MarkedYamlEngineException e) {
      Spot at =
          e.getProblemMark()
              .or(e::getContextMark)
              .map(mark -> spot(source.name(), mark))
              .orElse(Spot.whole(source.name()));
      String context = e.getContext() == null ? "" : e.getContext() + ", ";
      problems.error(at, "not YAML: " + oneLine(context + e.getProblem()));
    } catch (ReaderException e) {
      problems.error(
          spot(source, e.getPosition()),
          "not YAML: the character U+"
              + String.format("%04X", e.getCodePoint())
              + " may not be in it");
    } catch (YamlEngineException e) {
      problems.error(
          Spot.whole(source.name()), "not YAML: " + oneLine(String.valueOf(e.getMessage())));
    }
    return List.of();
  }

  /** Ends the reading of a file; never leaves this class. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Spot at;
    private final String sentence;

    Stopped(Spot at, String sentence) {
      super(sentence, null, false, false);
      this.at = at;
      this.sentence = sentence;
    }
  }

  private List<Yaml> documents() {
    List<Yaml> documents = new ArrayList<>();
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case Scalar, Alias, SequenceStart, MappingStart -> {
          Yaml document = node(event, 1);
          if (!(document instanceof Scalar scalar && scalar.kind() == Kind.NOTHING)) {
            documents.add(document);
          }
        }
        case DocumentEnd -> anchors.clear();
        default -> {
          // The stream and its documents begin and end; nothing to keep.
        }
      }
    }
    return documents;
  }

  private Yaml node(Event event, int depth) {
    Spot at = event.getStartMark().map(mark -> spot(name, mark)).orElse(Spot.whole(name));
    if (depth > DEPTH) {
      throw new Stopped(at, "nested deeper than " + DEPTH + " levels; write it flatter");
    }
    int before = nodes;
    count(at, 1);
    return switch (event) {
      case ScalarEvent scalar -> anchored(scalar.getAnchor(), before, scalar(scalar, at));
      case SequenceStartEvent start ->
          anchored(start.getAnchor(), before, sequence(start, at, depth));
      case MappingStartEvent start ->
          anchored(start.getAnchor(), before, mapping(start, at, depth));
      case AliasEvent alias -> follow(alias, at);
      default -> throw new IllegalStateException("the parser gave " + event + " for a node");
    };
  }

  private void count(Spot at, int more) {
    nodes += more;
    if (nodes > NODES) {
      throw new Stopped(
          at, "more than " + NODES + " nodes, aliases counted in full; split the file");
    }
  }

  private Yaml anchored(Optional<Anchor> anchor, int before, Yaml node) {
    anchor.ifPresent(it -> anchors.put(it, new Anchored(node, nodes - before)));
    return node;
  }

  private Yaml follow(AliasEvent alias, Spot at) {
    Anchored target = anchors.get(alias.getAlias());
    if (target == null) {
      // Not quoted: it may be a password that begins with an asterisk.
      throw new Stopped(at, "an alias has no anchor before it; quote a text that begins with *");
    }
    count(at, target.weight());
    return target.node();
  }

  private Scalar scalar(ScalarEvent event, Spot at) {
    refuseTag(event.getTag(), at);
    boolean plain = event.getScalarStyle() == ScalarStyle.PLAIN;
    Tag tag = plain ? resolver.resolve(event.getValue(), true) : Tag.STR;
    return new Scalar(at, event.getValue(), kind(tag));
  }

  private static Kind kind(Tag tag) {
    if (tag.equals(Tag.INT)) {
      return Kind.WHOLE;
    } else if (tag.equals(Tag.FLOAT)) {
      return Kind.REAL;
    } else if (tag.equals(Tag.BOOL)) {
      return Kind.TRUTH;
    } else if (tag.equals(Tag.NULL)) {
      return Kind.NOTHING;
    }
    return Kind.TEXT;
  }

  private Sequence sequence(SequenceStartEvent start, Spot at, int depth) {
    refuseTag(start.getTag(), at);
    List<Yaml> items = new ArrayList<>();
    for (Event event = events.next(); ends(event) != Event.ID.SequenceEnd; event = events.next()) {
      items.add(node(event, depth + 1));
    }
    return new Sequence(at, List.copyOf(items));
  }

  private Mapping mapping(MappingStartEvent start, Spot at, int depth) {
    refuseTag(start.getTag(), at);
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Event event = events.next(); ends(event) != Event.ID.MappingEnd; event = events.next()) {
      Yaml key = node(event, depth + 1);
      Yaml value = node(events.next(), depth + 1);
      if (!(key instanceof Scalar scalar)) {
        problems.error(key.at(), "a key must be a text, not " + key.what());
        continue;
      }
      Entry entry = new Entry(key.at(), scalar.text(), value);
      Entry earlier = entries.putIfAbsent(entry.key(), entry);
      if (earlier != null) {
        problems.error(
            entry.at(),
            "the key "
                + Quoted.of(entry.key())
                + " is here twice, first in line "
                + earlier.at().line()
                + "; keep one of them");
      }
    }
    return new Mapping(at, List.copyOf(entries.values()));
  }

  private static Event.ID ends(Event event) {
    return event.getEventId();
  }

  private void refuseTag(Optional<String> tag, Spot at) {
    if (tag.isPresent() && !tag.get().equals("!")) {
      // Not quoted: it may be a password that begins with an exclamation mark.
      problems.error(at, "tags are not read; leave it out, or quote a text that begins with !");
    }
  }

  private static Spot spot(String name, Mark mark) {
    return new Spot(name, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static Spot spot(SourceFile source, int points) {
    int[] before = source.text().codePoints().limit(points).toArray();
    int line = 1;
    int column = 1;
    for (int point : before) {
      column = point == '\n' ? 1 : column + 1;
      line += point == '\n' ? 1 : 0;
    }
    return new Spot(source.name(), line, column);
  }

  private static String oneLine(String text) {
    return text.lines().findFirst().orElse("").strip();
  }
}

package dev.belay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the documents give people to type and to copy. */
public final class Documents {
  private static final Pattern FENCED =
      Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  /** Between backticks, over a line's end too. */
  private static final Pattern INLINE = Pattern.compile("`((?:[^`\\n]|\\n(?!\\n))+)`");

  /** Indented lines of a comment, one after another. */
  private static final Pattern COMMENTED =
      Pattern.compile("^#   \\S.*\\n(?:#   .*\\n)*", Pattern.MULTILINE);

  private static final Pattern PROGRAM =
      Pattern.compile(
          "(?:\\./)?(?:belay|kubectl|helm|docker(?:-compose)?|mvn|promtool|amtool|curl|git|openssl"
              + "|apt-get) .+");

  /** Files that are no documents, and show commands in their comments. */
  private static final List<Path> COMMENTING =
      List.of(
          Path.of("Dockerfile"),
          Path.of("charts/belay/values.yaml"),
          Path.of("docs/fleet.example.yml"));

  private Documents() {}

  /**
   * What stands in a block of its own.
   *
   * @param language what the fence says of it; empty: nothing
   */
  public record Block(Path document, String language, String text) {
    /** Its lines as a shell takes them, without comments. */
    public List<String> commands() {
      return Arrays.stream(text.replaceAll("\\\\\\n\\s*", "").split("\\n", -1))
          .map(line -> line.replaceFirst("(?:^|\\s+)#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .toList();
    }
  }

  /** Every document of the project; what stands in the changelog was true once. */
  public static List<Path> all() {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> top = Files.list(Path.of(""));
        Stream<Path> docs = Files.walk(Path.of("docs"));
        Stream<Path> charts = Files.walk(Path.of("charts"))) {
      Stream.of(top, docs, charts)
          .flatMap(paths -> paths)
          .filter(path -> path.toString().endsWith(".md") && !path.endsWith("CHANGELOG.md"))
          .sorted()
          .forEach(all::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(all);
  }

  /** All blocks, those in comments too. */
  public static List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (Path document : all()) {
      FENCED
          .matcher(text(document))
          .results()
          .map(found -> new Block(document, found.group(1), found.group(2)))
          .forEach(blocks::add);
    }
    for (Path file : COMMENTING) {
      COMMENTED
          .matcher(text(file))
          .results()
          .map(found -> new Block(file, "sh", found.group().replaceAll("(?m)^#   ", "")))
          .forEach(blocks::add);
    }
    return List.copyOf(blocks);
  }

  /** All commands of the blocks, each once, as they come. */
  public static List<String> commands() {
    return blocks().stream()
        .filter(block -> block.language().equals("sh"))
        .flatMap(block -> block.commands().stream())
        .distinct()
        .toList();
  }

  /** What stands between backticks amid a sentence, on one line each, each once. */
  public static List<String> inline() {
    return all().stream()
        .map(document -> FENCED.matcher(text(document)).replaceAll(""))
        .flatMap(text -> INLINE.matcher(text).results())
        .map(found -> found.group(1).replaceAll("\\s+", " "))
        .distinct()
        .toList();
  }

  /** Those among them that begin with a program's name. */
  public static List<String> inlineCommands() {
    return inline().stream().filter(text -> PROGRAM.matcher(text).matches()).toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

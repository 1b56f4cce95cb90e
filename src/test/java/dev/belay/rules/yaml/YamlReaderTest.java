package dev.belay.rules.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.rules.yaml.Yaml.Kind;
import dev.belay.rules.yaml.Yaml.Mapping;
import dev.belay.rules.yaml.Yaml.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class YamlReaderTest {
  private final Problems problems = new Problems();

  private List<Yaml> read(String text) {
    return YamlReader.all(new SourceFile("f.yml", text), problems);
  }

  private String only() {
    assertEquals(1, problems.all().size(), () -> problems.all().toString());
    return problems.all().getFirst().toString();
  }

  @Test
  void everyNodeKnowsItsPlaceAndKind() {
    Mapping mapping = (Mapping) read("a: 1\nb:\n  - no\n  - true\n  - ~\n  - 1.5\n").getFirst();
    assertEquals(
        new Scalar(new Spot("f.yml", 1, 4), "1", Kind.WHOLE), mapping.entries().getFirst().value());
    var list = (Yaml.Sequence) mapping.entries().getLast().value();
    assertEquals(
        List.of(Kind.TEXT, Kind.TRUTH, Kind.NOTHING, Kind.REAL),
        list.items().stream().map(it -> ((Scalar) it).kind()).toList());
    assertEquals("f.yml:3:5", list.items().getFirst().at().toString());
  }

  @Test
  void aBombOfAliasesIsStopped() {
    String bomb =
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + IntStream.rangeClosed(1, 9)
                .mapToObj(i -> "a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)))
                .collect(Collectors.joining());
    assertEquals(List.of(), read(bomb));
    assertTrue(only().contains("more than 100000 nodes"), this::only);
  }

  @Test
  void anAliasStandsForItsAnchor() {
    assertEquals("[1, 1]", scalars("[ &a 1, *a ]"));
    read("[ *b ]");
    assertEquals(
        "f.yml:1:3: an alias has no anchor before it; quote a text that begins with *", only());
  }

  private String scalars(String text) {
    return ((Yaml.Sequence) read(text).getFirst())
        .items().stream().map(it -> ((Scalar) it).text()).toList().toString();
  }

  @Test
  void depthIsLimited() {
    read("[".repeat(100_000));
    assertEquals("f.yml:1:41: nested deeper than 40 levels; write it flatter", only());
  }

  @Test
  void tagsAreRefused() {
    read("a: !!java.net.URL http://localhost\n");
    assertTrue(only().startsWith("f.yml:1:4: tags are not read"), this::only);
  }

  @Test
  void keysAreTexts() {
    read("? [a]\n: b\n");
    assertEquals("f.yml:1:3: a key must be a text, not a list", only());
  }

  @Test
  void oneDocumentMeansOne() {
    assertTrue(YamlReader.one(new SourceFile("f.yml", "a: b\n---\nc: d\n"), problems).isEmpty());
    assertTrue(only().startsWith("f.yml:3:1: a second document begins here"), this::only);
  }

  @Test
  void controlCharactersAreLocated() {
    read("a: b\nc: \u0007\n");
    assertTrue(only().startsWith("f.yml:2:4: not YAML"), this::only);
  }

  @Test
  void bytesThatAreNotUtf8AreLocated(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("f.yml");
    Files.write(file, new byte[] {'a', ':', '\n', 'b', (byte) 0xff});
    assertTrue(SourceFile.read(file, 100, problems).isEmpty());
    assertTrue(only().contains("f.yml:2:2: not UTF-8 from here"), this::only);
  }

  @Test
  void sizeIsLimited(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("f.yml"), "a".repeat(2049));
    assertTrue(SourceFile.read(file, 2048, problems).isEmpty());
    assertTrue(only().contains("larger than the 2 KiB"), this::only);
  }
}

package dev.belay.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.release.Workload;
import dev.belay.port.Baseline;
import dev.belay.port.Baselines;
import dev.belay.port.BaselinesContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineFolderTest extends BaselinesContract {
  private static final Baseline KEPT = baseline(APP, 1);

  @TempDir private Path folder;

  @Override
  protected Baselines store() {
    return new BaselineFolder(folder.resolve("baselines"));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("baselines"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void anotherProcessFindsWhatThisOneKept() {
    store().keep(KEPT);
    assertEquals(Set.of(digest(KEPT)), store().kept(APP, KEPT.uid()));
    assertEquals(KEPT.revision(), found(store()).map(Baseline::revision).orElseThrow());
  }

  private static Optional<Baseline> found(Baselines store) {
    return store.find(APP, KEPT.uid(), digest(KEPT));
  }

  @Test
  void nobodyElseMayReadThem() throws IOException {
    store().keep(KEPT);
    Path file = files().getFirst();
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
  }

  @Test
  void whatWasTamperedWithIsNotUsed() throws IOException {
    Baselines store = store();
    store.keep(KEPT);
    Path file = files().getFirst();
    String text = Files.readString(file);
    Files.writeString(file, text.replaceAll("covet:1(?=\",\"stdin)", "evil:1"));
    assertTrue(Files.readString(file).contains("evil:1"));
    assertEquals(Optional.empty(), found(store));
    Files.writeString(file, text.substring(0, text.length() / 2));
    assertEquals(Optional.empty(), found(store));
    Files.writeString(file, text);
    assertTrue(found(store).isPresent());
  }

  @Test
  void whatLiesAboutInTheFolderIsPassedOver() throws IOException {
    store().keep(KEPT);
    Path home = files().getFirst().resolveSibling("");
    Files.writeString(home.resolve("._x.json"), "{}");
    Files.writeString(home.resolve(digest(KEPT) + " (copy).json"), "{}");
    Files.writeString(home.resolve("half-1.tmp"), "{");
    assertEquals(Set.of(digest(KEPT)), store().kept(APP, KEPT.uid()));
    assertFalse(Files.exists(home.resolve("half-1.tmp")), "what a crash left is cleared away");
  }

  @Test
  void nothingHalfWrittenStaysBehind() throws IOException {
    store().keep(KEPT);
    assertEquals(1, files().size());
  }

  @Test
  void aDiskThatFailsKeepsNothingAndEndsNothing() throws IOException {
    Path inTheWay = Files.writeString(folder.resolve("baselines"), "in the way");
    Baselines store = store();
    store.keep(KEPT);
    assertEquals(Set.of(), store.kept(APP, KEPT.uid()));
    Files.delete(inTheWay);
    store.keep(KEPT);
    assertEquals(Set.of(digest(KEPT)), store.kept(APP, KEPT.uid()));
  }

  @Test
  void noNameLeadsOutOfTheFolder() {
    for (String name : List.of("..", "a/b", "", ".hidden")) {
      Workload elsewhere = new Workload("deployment", "covet", name);
      assertThrows(IllegalArgumentException.class, () -> store().kept(elsewhere, "uid"), name);
    }
  }
}

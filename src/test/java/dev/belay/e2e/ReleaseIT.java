package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the release script refuses; CI has it make a whole release besides. */
final class ReleaseIT {
  @TempDir private Path folder = Path.of("");

  @Test
  void aVersionWithoutAChangelogEntryIsNotReleased() {
    assertTrue(refusal("98.7.6").contains("CHANGELOG.md has no lines under \"## 98.7.6\""));
  }

  @Test
  void whatIsNoVersionIsRefused() {
    assertTrue(refusal("latest").contains("give a version, such as 0.1.0"));
    assertTrue(refusal("").contains("give a version, such as 0.1.0"));
  }

  @Test
  void aBillThatNamesEveryJarWithItsLicenceIsGood() {
    Programs.write(folder, "lib/gson-2.12.1.jar", "");
    String bill = part("dev.belay/belay@1.2.3", false) + part("com.google/gson@2.12.1", true);
    assertEquals("", Programs.output(look(bill)));
  }

  @Test
  void aBillThatLacksAJarOrALicenceOrIsOfAnotherVersionIsRefused() {
    Programs.write(folder, "lib/gson-2.12.1.jar", "");
    String own = part("dev.belay/belay@1.2.3", false);
    assertTrue(refusal(look(own)).contains("\tgson-2.12.1"));
    assertTrue(
        refusal(look(own + part("com.google/gson@2.12.1", true) + part("a/b@1", true)))
            .contains("\nb-1"));
    assertTrue(
        refusal(look(own + part("com.google/gson@2.12.1", false)))
            .contains("under which licence these are"));
    assertTrue(
        refusal(look(part("dev.belay/belay@1.2.4", true))).contains("it is not of Belay 1.2.3"));
  }

  /** As the plugin writes it. */
  private static String part(String name, boolean licensed) {
    String purl = "pkg:maven/" + name + "?type=jar";
    return "      \"bom-ref\" : \"%s\",\n%s      \"purl\" : \"%s\",\n"
        .formatted(purl, licensed ? "      \"licenses\" : [\n" : "", purl);
  }

  private ProcessBuilder look(String bill) {
    return new ProcessBuilder(
        "src/release/bill.sh",
        Programs.write(folder, "bill.json", bill).toString(),
        "1.2.3",
        folder.resolve("lib").toString());
  }

  private static String refusal(String version) {
    return refusal(new ProcessBuilder("src/release/release.sh", version));
  }

  private static String refusal(ProcessBuilder command) {
    return String.valueOf(
        assertThrows(AssertionError.class, () -> Programs.output(command.redirectErrorStream(true)))
            .getMessage());
  }
}

package dev.belay.rules;

import dev.belay.core.rule.RuleSet;
import dev.belay.rules.yaml.Problem;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Spot;
import dev.belay.rules.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Loads rule files. Never throws for what stands in a file; that is among the problems. */
public final class RuleLoader {
  private static final int FILE_BYTES = 1024 * 1024;
  private static final int FILES = 1000;

  private RuleLoader() {}

  /**
   * Loads one file, or every {@code .yml} and {@code .yaml} file directly in a folder, in order of
   * their names. Files whose names begin with a dot are not looked at.
   *
   * @param path a file or a folder
   */
  public static Loaded load(Path path) {
    Problems problems = new Problems();
    Sources sources = new Sources(problems);
    Catalog catalog = new Catalog(problems);
    Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
    ManifestFiles manifests = new ManifestFiles(bounds(folder == null ? path : folder), sources);
    List<Path> files = files(path, problems);
    if (files.isEmpty()) {
      problems.warning(
          Spot.whole(path.toString()),
          "holds no rule file (.yml or .yaml), so Belay looks at what it may read, and touches"
              + " nothing");
    }
    for (Path file : files) {
      sources
          .read(file, FILE_BYTES)
          .flatMap(source -> YamlReader.one(source, problems))
          .ifPresent(document -> RuleFile.read(document, file, manifests, catalog, problems));
    }
    RuleSet rules = catalog.rules();
    return new Loaded(
        rules, problems.all(), unmeasured(catalog), catalog.evaluation().all(), sources.digest());
  }

  private static List<Problem> unmeasured(Catalog catalog) {
    Problems problems = new Problems();
    for (Spot at : catalog.triggers()) {
      problems.warning(
          at,
          "these are measured only where the configuration has \"prometheus\", and never fire"
              + " without it; write it, or have Prometheus send alerts and name them under"
              + " \"when\"");
    }
    return problems.all();
  }

  private static List<Path> files(Path path, Problems problems) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      List<Path> files = entries.filter(RuleLoader::isRuleFile).sorted().limit(FILES + 1L).toList();
      if (files.size() > FILES) {
        problems.error(
            Spot.whole(path.toString()), "holds more than " + FILES + " rule files; merge some");
      }
      return files;
    } catch (IOException e) {
      problems.error(
          Spot.whole(path.toString()),
          "the folder cannot be listed (" + e.getClass().getSimpleName() + "); check its rights");
      return List.of();
    }
  }

  private static boolean isRuleFile(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return !name.startsWith(".")
        && (name.endsWith(".yml") || name.endsWith(".yaml"))
        && Files.isRegularFile(file);
  }

  /**
   * What manifests may be read from: the folder above the rules, or the rules' own where that would
   * be the whole machine.
   */
  private static Path bounds(Path folder) {
    Path whole = folder.toAbsolutePath().normalize();
    Path parent = whole.getParent();
    return parent == null || parent.getParent() == null ? whole : parent;
  }
}

package dev.belay.rules;

import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Yaml;
import java.nio.file.Path;
import java.util.List;

/** One rule file: tells the dialects apart by the keys at the top. */
final class RuleFile {
  private static final String NAME = "service";
  private static final String FLEET = "services";

  private static final List<String> KEYS =
      List.of(
          "environments",
          "groups",
          NAME,
          FLEET,
          "workload",
          "match",
          "rollback_triggers",
          "signals",
          "announced_as",
          "remediations",
          "limits",
          "soak");

  private static final List<String> OF_A_SERVICE =
      List.of("workload", "match", "signals", "announced_as", "remediations", "limits", "soak");

  private RuleFile() {}

  static void read(
      Yaml document, Path file, ManifestFiles manifests, Catalog catalog, Problems problems) {
    Fields.of(document, "a rule file", problems, KEYS)
        .ifPresent(top -> read(top, file, manifests, catalog, problems));
  }

  private static void read(
      Fields top, Path file, ManifestFiles manifests, Catalog catalog, Problems problems) {
    Environments.read(top, catalog, problems);
    AlertGroups.read(top, file, catalog, problems);
    boolean named = top.has(NAME) || top.has(FLEET);
    boolean nameless = !named && OF_A_SERVICE.stream().anyMatch(top::has);
    if (nameless) {
      problems.error(
          top.at(), "this file describes a service without a name; add \"service: NAME\" to it");
    }
    if (named || nameless) {
      new ServiceReader(top, file, manifests, catalog, problems).read();
    } else {
      catalog.shorthand(top, Triggers.read(top, problems));
    }
  }
}

package dev.belay.rules;

import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One rule file: tells the dialects apart by the keys at the top. */
final class RuleFile {
  private static final List<String> KEYS =
      List.of(
          "environments",
          "groups",
          "service",
          "workload",
          "match",
          "rollback_triggers",
          "remediations",
          "limits",
          "soak");

  private static final List<String> OF_A_SERVICE =
      List.of("workload", "match", "remediations", "limits", "soak");

  private RuleFile() {}

  static void read(
      Yaml document, Path file, ManifestFiles manifests, Catalog catalog, Problems problems) {
    List<String> known = new ArrayList<>(KEYS);
    known.add("services");
    Fields.of(document, "a rule file", problems, known)
        .ifPresent(top -> read(top, file, manifests, catalog, problems));
  }

  private static void read(
      Fields top, Path file, ManifestFiles manifests, Catalog catalog, Problems problems) {
    if (top.has("services")) {
      problems.error(
          top.at("services"),
          "\"services\" (one file for a whole fleet) is not supported in this version;"
              + " write one file with \"service\" for each");
      return;
    }
    Environments.read(top, catalog, problems);
    AlertGroups.read(top, catalog, problems);
    if (top.has("service")) {
      new ServiceReader(top, file, manifests, catalog, problems).read();
      return;
    }
    for (String key : OF_A_SERVICE) {
      if (top.has(key)) {
        problems.error(
            top.at(key),
            "\"" + key + "\" belongs to a service; add \"service: NAME\" to this file");
      }
    }
    catalog.shorthand(top, Triggers.read(top, problems));
  }
}

package dev.belay.rules;

import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Mode;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Yaml.Entry;
import java.util.List;
import java.util.Optional;

/** The dialect {@code environments:}. What Belay has no use for is still checked. */
final class Environments {
  private static final List<String> KEYS =
      List.of("cluster", "namespace", "replicas", "resources", "database", "mode");
  private static final List<String> QUANTITIES = List.of("cpu", "memory");

  private Environments() {}

  static void read(Fields top, Catalog catalog, Problems problems) {
    for (Entry entry : top.entries("environments")) {
      Fields.of(entry.value(), "an environment", problems, KEYS)
          .flatMap(fields -> environment(entry.key(), fields))
          .ifPresent(environment -> catalog.environment(entry.at(), environment));
    }
  }

  private static Optional<Environment> environment(String name, Fields fields) {
    fields.require("cluster", "write the cluster's name");
    fields.require("namespace", "write the namespace whose workloads belong to the environment");
    fields.whole("replicas", 0, 100_000);
    fields.text("database");
    fields
        .fields("resources", List.of("requests", "limits"))
        .ifPresent(
            resources -> {
              quantities(resources, "requests");
              quantities(resources, "limits");
            });
    Optional<String> cluster = fields.text("cluster");
    Optional<String> namespace = fields.read("namespace", Names::namespace);
    Optional<Mode> mode = fields.read("mode", Modes::parse);
    return cluster.isEmpty() || namespace.isEmpty()
        ? Optional.empty()
        : Optional.of(new Environment(name, cluster.get(), namespace.get(), mode));
  }

  private static void quantities(Fields resources, String key) {
    resources
        .fields(key, QUANTITIES)
        .ifPresent(
            fields -> QUANTITIES.forEach(quantity -> fields.readAny(quantity, text -> text)));
  }
}

package dev.belay.rules;

import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.Action.Baseline;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Step;
import dev.belay.rules.yaml.Durations;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Nearest;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Reading;
import dev.belay.rules.yaml.Spot;
import dev.belay.rules.yaml.Unreadable;
import dev.belay.rules.yaml.Yaml;
import dev.belay.rules.yaml.Yaml.Entry;
import dev.belay.rules.yaml.Yaml.Kind;
import dev.belay.rules.yaml.Yaml.Scalar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Reads the ladder of one service's remediations. */
final class LadderReader {
  /** How long flags and limits stay where no rule says. */
  static final Duration DEFAULT_LEASE = Duration.ofMinutes(30);

  /**
   * How long the last written step has before a person is called, where no rule says: rates over 5
   * minutes and Alertmanager's group_interval have to pass.
   */
  static final Duration DEFAULT_VERIFY = Duration.ofMinutes(10);

  private static final List<String> ACTIONS = List.of("rollback", "flags", "rate_limit", "page");
  private static final List<String> STEP =
      List.of("rollback", "flags", "rate_limit", "page", "verify", "lease");
  private static final List<String> BASELINES = List.of("last-good", "previous");

  /** A step as written, the action empty where it could not be read. */
  private record Written(
      Spot at,
      String kind,
      Optional<Action> action,
      Optional<Duration> lease,
      Optional<Duration> verify,
      boolean hasVerify) {}

  private final boolean fleet;
  private final boolean workloadWritten;
  private final Optional<Workload> workload;
  private final Path file;
  private final ManifestFiles manifests;
  private final Problems problems;

  /**
   * A reader.
   *
   * @param fleet whether there are many services, so that names may have placeholders
   */
  LadderReader(
      boolean fleet,
      boolean workloadWritten,
      Optional<Workload> workload,
      Path file,
      ManifestFiles manifests,
      Problems problems) {
    this.fleet = fleet;
    this.workloadWritten = workloadWritten;
    this.workload = workload;
    this.file = file;
    this.manifests = manifests;
    this.problems = problems;
  }

  /** The ladder of a remediation; always ends by calling a person. */
  List<Step> read(Fields remediation, boolean blames) {
    List<Written> written = new ArrayList<>();
    for (Yaml item : remediation.items("ladder")) {
      Fields.of(item, "a step", problems, STEP).flatMap(this::step).ifPresent(written::add);
    }
    if (remediation.node("ladder").filter(LadderReader::isEmptyList).isPresent()) {
      problems.error(remediation.at("ladder"), "\"ladder\" is empty; write at least - page: {}");
    }
    check(written, blames);
    return steps(written);
  }

  private static boolean isEmptyMapping(Yaml node) {
    return node instanceof Yaml.Mapping(Spot _, List<Entry> entries) && entries.isEmpty();
  }

  private static boolean isEmptyList(Yaml node) {
    return node instanceof Yaml.Sequence(Spot _, List<Yaml> items) && items.isEmpty();
  }

  private void check(List<Written> written, boolean blames) {
    for (int i = 0; i < written.size(); i++) {
      Written step = written.get(i);
      boolean last = i == written.size() - 1;
      if (!last && step.kind().equals("page")) {
        problems.error(step.at(), "\"page\" is the last step of a ladder; move it to the end");
      } else if (!last && !step.hasVerify()) {
        problems.error(
            step.at(),
            "the steps after this one are never taken; say how long this one has to help, as in"
                + " verify: 10m");
      }
      if (step.kind().equals("rollback") && !blames) {
        problems.error(
            step.at(),
            "only a release that is to blame is rolled back; say how recent it may be, as in"
                + " blame: { release: 1h }");
      }
    }
  }

  private static List<Step> steps(List<Written> written) {
    List<Step> steps = new ArrayList<>();
    boolean pages = !written.isEmpty() && written.getLast().kind().equals("page");
    for (int i = 0; i < written.size(); i++) {
      Written step = written.get(i);
      boolean last = i == written.size() - 1;
      Optional<Duration> verify =
          last && !pages ? step.verify().or(() -> Optional.of(DEFAULT_VERIFY)) : step.verify();
      step.action().ifPresent(action -> steps.add(new Step(action, step.lease(), verify)));
    }
    if (!pages) {
      steps.add(new Step(new Action.Page(), Optional.empty(), Optional.empty()));
    }
    return List.copyOf(steps);
  }

  private Optional<Written> step(Fields fields) {
    List<String> kinds = ACTIONS.stream().filter(fields::has).toList();
    if (kinds.size() != 1) {
      String found = kinds.isEmpty() ? "none" : String.join(" and ", kinds);
      problems.error(
          fields.at(),
          "a step has exactly one of " + String.join(", ", ACTIONS) + "; this one has " + found);
      return Optional.empty();
    }
    String kind = kinds.getFirst();
    Optional<Action> action =
        switch (kind) {
          case "rollback" -> rollback(fields);
          case "flags" -> flags(fields);
          case "rate_limit" -> rateLimit(fields);
          default -> page(fields);
        };
    Optional<Duration> verify = fields.read("verify", Durations::positive);
    return Optional.of(
        new Written(
            fields.at(kind), kind, action, lease(fields, kind, verify), verify, verifies(fields)));
  }

  private boolean verifies(Fields fields) {
    if (fields.has("page") && fields.has("verify")) {
      problems.error(
          fields.at("verify"), "\"page\" is the last word, there is nothing to verify; drop it");
    }
    return fields.has("verify");
  }

  private Optional<Duration> lease(Fields fields, String kind, Optional<Duration> verify) {
    Optional<Duration> lease = fields.read("lease", Durations::positive);
    if (kind.equals("rollback") || kind.equals("page")) {
      if (fields.has("lease")) {
        problems.error(
            fields.at("lease"),
            "a "
                + kind
                + " is not undone, so it has no lease; drop it here (flags and rate_limit"
                + " have one)");
      }
      return Optional.empty();
    }
    if (lease.isPresent() && verify.isPresent() && lease.get().compareTo(verify.get()) <= 0) {
      problems.warning(
          fields.at("lease"),
          "the lease ends before it is known whether the step helped; make it longer than verify");
    }
    return lease.or(() -> Optional.of(DEFAULT_LEASE));
  }

  private Optional<Action> rollback(Fields step) {
    if (!workloadWritten) {
      problems.error(
          step.at("rollback"),
          "nothing to roll back; add workload: deployment/NAMESPACE/NAME to the service");
    }
    if (workload.filter(it -> !it.kind().equals("deployment")).isPresent()) {
      problems.error(
          step.at("rollback"),
          "Belay rolls back Deployments only so far; for "
              + (fleet ? "a " + workload.get().kind() : workload.get())
              + " let the step be page, flags or rate_limit"
              + (fleet ? ", in a fleet of its own" : ""));
    }
    Optional<Fields> fields = step.fields("rollback", List.of("to"));
    Optional<Baseline> to =
        fields.flatMap(
            it ->
                it.has("to")
                    ? it.read("to", LadderReader::baseline)
                    : Optional.of(Baseline.LAST_GOOD));
    return workload.flatMap(it -> to.map(baseline -> new Action.Rollback(it, baseline)));
  }

  private static Baseline baseline(String text) throws Unreadable {
    return switch (text) {
      case "last-good" -> Baseline.LAST_GOOD;
      case "previous" -> Baseline.PREVIOUS;
      default ->
          throw new Unreadable(
              Quoted.of(text) + " is nothing to roll back to" + Nearest.hint(text, BASELINES));
    };
  }

  private Optional<Action> flags(Fields step) {
    Optional<Fields> flags = step.fields("flags", List.of("config_map", "namespace", "set"));
    if (flags.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = flags.get();
    fields.require("config_map", "write the name of the ConfigMap that holds the flags");
    fields.require("set", "write the flags, as in set: { FEATURE_X: \"false\" }");
    for (Entry entry : fields.entries("set")) {
      try {
        Names.configMapKey(entry.key());
      } catch (Unreadable e) {
        problems.error(entry.at(), e.sentence());
      }
    }
    SortedMap<String, String> set = fields.texts("set");
    if (fields.node("set").filter(LadderReader::isEmptyMapping).isPresent()) {
      problems.error(fields.at("set"), "\"set\" sets nothing; write at least one flag");
    }
    Optional<String> namespace =
        fields
            .read("namespace", named(Names::namespace))
            .or(() -> workload.map(Workload::namespace));
    if (!workloadWritten && !fields.has("namespace")) {
      problems.error(
          fields.at(), "which namespace? Add \"namespace\" here, or \"workload\" to the service");
    }
    return fields
        .read("config_map", named(Names::object))
        .flatMap(name -> namespace.map(it -> new Action.Flags(new ConfigMapRef(it, name), set)));
  }

  private Reading<String> named(Reading<String> reading) {
    return fleet ? Placeholders.filled(reading) : reading;
  }

  private Optional<Action> rateLimit(Fields step) {
    if (fleet) {
      problems.error(
          step.at("rate_limit"),
          "a manifest is the same for every service of a fleet, so that one would take away what"
              + " another needs; write a file with \"service\" for what is to be limited");
      return Optional.empty();
    }
    Optional<Fields> fields = step.fields("rate_limit", List.of("apply"));
    fields.ifPresent(
        it -> it.require("apply", "write the manifest's path, from this file's folder"));
    return fields
        .flatMap(
            it ->
                it.text("apply").map(path -> new PathAt(path, it.node("apply").orElseThrow().at())))
        .flatMap(
            it -> {
              List<Manifest> found =
                  manifests.read(
                      file, it.path(), it.at(), workload.map(Workload::namespace), workloadWritten);
              return found.isEmpty()
                  ? Optional.empty()
                  : Optional.of(new Action.RateLimit(it.path(), found));
            });
  }

  private record PathAt(String path, Spot at) {}

  private Optional<Action> page(Fields step) {
    Yaml node = step.node("page").orElseThrow();
    if (!(node instanceof Scalar scalar && scalar.kind() == Kind.NOTHING)) {
      step.fields("page", List.of());
    }
    return Optional.of(new Action.Page());
  }
}

package dev.belay.rules;

import dev.belay.core.alert.Matcher;
import dev.belay.core.alert.Matcher.Operator;
import dev.belay.core.engine.RolloutTrouble;
import dev.belay.core.release.Shipper;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Measuring;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Trigger;
import dev.belay.core.rule.WorkloadSelector;
import dev.belay.rules.yaml.Durations;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Nearest;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Spot;
import dev.belay.rules.yaml.Unreadable;
import dev.belay.rules.yaml.Yaml;
import dev.belay.rules.yaml.Yaml.Entry;
import dev.belay.rules.yaml.Yaml.Mapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fourth dialect: a service, what runs it, and what to do when; or a fleet of services, which
 * workloads they are, and the same.
 */
final class ServiceReader {
  private static final String TRIGGERS = "rollback_triggers";
  private static final List<String> REMEDIATION =
      List.of("name", "when", "blame", "mode", "ladder");

  private static final String FLEET = "services";

  private final Fields top;

  /** What stands under {@code services}, where there are many. */
  private final Optional<Fields> fleet;

  private final Path file;
  private final ManifestFiles manifests;
  private final Catalog catalog;
  private final Problems problems;
  private final Map<String, Spot> alertNames = new LinkedHashMap<>();
  private final Map<String, Spot> names = new HashMap<>();
  private Optional<Spot> asksForTriggers = Optional.empty();
  private Optional<Spot> asksForAlerts = Optional.empty();

  ServiceReader(
      Fields top, Path file, ManifestFiles manifests, Catalog catalog, Problems problems) {
    this.top = top;
    this.fleet = top.fields(FLEET, List.of("name", "workloads", "match"));
    this.file = file;
    this.manifests = manifests;
    this.catalog = catalog;
    this.problems = problems;
  }

  void read() {
    boolean many = top.has(FLEET);
    Optional<WorkloadSelector> selector = fleet.flatMap(this::selector);
    Optional<String> name = many ? fleet.flatMap(this::name) : top.read("service", Names::own);
    Optional<Workload> workload =
        many ? selector.map(ServiceReader::pattern) : top.read("workload", Names::workload);
    List<Matcher> match = match(fleet.orElse(top));
    List<Trigger> triggers = Triggers.read(top, problems);
    LadderReader ladder =
        new LadderReader(many, hasWorkload(), workload, file, manifests, problems);
    List<Remediation> remediations = new ArrayList<>();
    for (Yaml item : top.items("remediations")) {
      Fields.of(item, "a remediation", problems, REMEDIATION)
          .flatMap(fields -> remediation(fields, ladder))
          .ifPresent(remediations::add);
    }
    if (asksForAlerts.isPresent() && !fleet.orElse(top).has("match")) {
      problems.error(
          asksForAlerts.get(),
          many
              ? "no alert can be these services'; say which are under \"services\", as in"
                  + " match: { namespace: \"{namespace}\", deployment: \"{name}\" }"
              : "no alert can be this service's; say which are by \"match\", as in"
                  + " match: { namespace: covet }");
    }
    Limits limits = limits();
    Measuring measuring = Signals.read(top, many, problems);
    Map<Shipper, String> announcedAs = Announcements.read(top);
    Duration soak = top.read("soak", Durations::positive).orElse(Service.DEFAULT_SOAK);
    if (many) {
      refuseWithFleet();
    }
    name.ifPresentOrElse(
        it ->
            catalog.service(
                new Catalog.Draft(
                    selector,
                    new Service(
                        it,
                        many ? Optional.of(Fleet.ANY) : workload,
                        match,
                        triggers,
                        List.copyOf(remediations),
                        limits,
                        soak,
                        measuring,
                        announcedAs),
                    top.at(many ? FLEET : "service"),
                    asksForTriggers,
                    top.node(TRIGGERS).map(_ -> top.at(TRIGGERS)),
                    alertNames)),
        catalog::nameless);
  }

  /** What only one service can have. */
  private void refuseWithFleet() {
    for (String key : List.of("service", "workload", "match", "announced_as")) {
      if (top.has(key)) {
        problems.error(
            top.at(key),
            Quoted.of(key)
                + switch (key) {
                  case "match" -> " of a fleet stands under \"services\"; move it there";
                  case "announced_as" ->
                      " is for one service; a fleet's are announced by their workloads. Drop it";
                  default -> " is for one service, and \"services\" for many; keep one of them";
                });
      }
    }
  }

  private Optional<WorkloadSelector> selector(Fields fields) {
    fields.require("workloads", "say which they are, as in workloads: \"belay.dev/managed=true\"");
    return fields.read("workloads", Selectors::parse);
  }

  /** The fleet's name: its own, or that of its file. */
  private Optional<String> name(Fields fields) {
    if (fields.has("name")) {
      return fields.read("name", Names::own);
    }
    String base = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
    try {
      return Optional.of(Names.own(base));
    } catch (Unreadable e) {
      problems.error(fields.at(), "the file's name cannot be the fleet's; give it one: name: NAME");
      return Optional.empty();
    }
  }

  /** The workload of each, as its kind matters to what can be done with it. */
  private static Workload pattern(WorkloadSelector selector) {
    String kind =
        selector.kinds().stream()
            .filter(each -> !each.equals("deployment"))
            .findFirst()
            .orElse("deployment");
    return new Workload(kind, Fleet.ANY.namespace(), Fleet.ANY.name());
  }

  private boolean hasWorkload() {
    return top.has("workload") || top.has(FLEET);
  }

  private List<Matcher> match(Fields where) {
    Yaml node = where.node("match").orElse(null);
    if (node == null) {
      return List.of();
    }
    int before = problems.errors();
    List<Matcher> matchers = new ArrayList<>();
    if (node instanceof Mapping mapping) {
      for (Entry entry : mapping.entries()) {
        if (fleet.isPresent()) {
          Fields.read(keyOf(entry), "a label", problems, Placeholders::checked);
        }
        Fields.read(entry.value(), Quoted.of(entry.key()), problems, this::own)
            .ifPresent(value -> matchers.add(Matcher.equal(entry.key(), value)));
      }
    } else {
      for (Yaml item : where.items("match")) {
        Fields.read(item, "a matcher", problems, text -> Matchers.parse(own(text)))
            .ifPresent(matchers::addAll);
      }
    }
    if (before == problems.errors() && Catalog.matchAnything(matchers)) {
      problems.error(
          where.at("match"),
          "\"match\" would match an alert that has no labels at all; ask for a label with a value");
    }
    if (before == problems.errors() && fleet.isPresent() && !tells(matchers)) {
      problems.error(
          where.at("match"),
          "an alert would be of every service of the fleet; ask for a label that tells them apart,"
              + " as in deployment: \"{name}\"");
    }
    return List.copyOf(matchers);
  }

  /** Whether any of them asks for what is one service's own. */
  private static boolean tells(List<Matcher> matchers) {
    return matchers.stream()
        .filter(it -> it.operator() == Operator.EQUAL || it.operator() == Operator.MATCHES)
        .anyMatch(it -> it.value().contains(Fleet.ANY.name()));
  }

  private String own(String text) throws Unreadable {
    return fleet.isPresent() ? Placeholders.checked(text) : text;
  }

  private static Yaml keyOf(Entry entry) {
    return new Yaml.Scalar(entry.at(), entry.key(), Yaml.Kind.TEXT);
  }

  private Optional<Remediation> remediation(Fields fields, LadderReader ladder) {
    fields.require("name", "give the remediation a name");
    fields.require("when", "write what it answers to, as in when: [ rollback_triggers ]");
    fields.require("ladder", "write the steps to take");
    Optional<String> name = fields.read("name", Names::own);
    name.ifPresent(it -> refuseTwice(it, fields.at("name")));
    List<Condition> when = new ArrayList<>();
    List<Yaml> items = fields.items("when");
    for (Yaml item : items) {
      Optional<Condition> condition =
          Fields.read(item, "an entry of \"when\"", problems, text -> condition(own(text)));
      condition.ifPresentOrElse(it -> when.add(noted(it, item.at())), () -> noteAlerts(item));
    }
    if (fields.node("when").filter(Yaml.Sequence.class::isInstance).isPresent()
        && items.isEmpty()) {
      problems.error(fields.at("when"), "\"when\" is empty; name rollback_triggers or an alert");
    }
    Optional<Fields> blame = fields.fields("blame", List.of("release"));
    blame.ifPresent(it -> it.require("release", "write how recent it must be: release: 1h"));
    Optional<Duration> release = blame.flatMap(it -> it.read("release", Durations::positive));
    Mode mode = fields.read("mode", Modes::parse).orElse(Mode.OBSERVE);
    var steps = ladder.read(fields, fields.has("blame"));
    return name.map(it -> new Remediation(it, List.copyOf(when), release, mode, steps));
  }

  private void refuseTwice(String name, Spot at) {
    Spot earlier = names.putIfAbsent(name, at);
    if (earlier != null) {
      problems.error(
          at,
          "the remediation "
              + Quoted.of(name)
              + " is already in line "
              + earlier.line()
              + "; rename one");
    }
  }

  private static Condition condition(String text) throws Unreadable {
    if (text.equals(TRIGGERS)) {
      return new Condition.AnyTrigger();
    }
    if (Nearest.to(text, List.of(TRIGGERS)).isPresent()) {
      throw new Unreadable(Quoted.of(text) + " is unknown; did you mean \"" + TRIGGERS + "\"?");
    }
    List<Matcher> matchers = Matchers.parse(text);
    if (Catalog.matchAnything(matchers)) {
      throw new Unreadable(
          Quoted.of(text) + " matches an alert without labels; ask for a label with a value");
    }
    return new Condition.AlertMatches(matchers);
  }

  /** An entry that cannot be read: what does not mean the triggers means alerts. */
  private void noteAlerts(Yaml item) {
    boolean alerts =
        item instanceof Yaml.Scalar scalar
            && !scalar.text().equals(TRIGGERS)
            && Nearest.to(scalar.text(), List.of(TRIGGERS)).isEmpty();
    asksForAlerts = alerts ? asksForAlerts.or(() -> Optional.of(item.at())) : asksForAlerts;
  }

  private Condition noted(Condition condition, Spot at) {
    switch (condition) {
      case Condition.AnyTrigger _ -> asksForTriggers = asksForTriggers.or(() -> Optional.of(at));
      case Condition.AlertMatches(List<Matcher> matchers) -> {
        Optional<String> name = Catalog.alertName(matchers);
        if (name.filter(RolloutTrouble::isAlert).isEmpty()) {
          asksForAlerts = asksForAlerts.or(() -> Optional.of(at));
          name.ifPresent(it -> alertNames.putIfAbsent(it, at));
        } else if (!hasWorkload()) {
          // Others may send it, but Belay itself sees it by the workload only.
          asksForAlerts = asksForAlerts.or(() -> Optional.of(at));
        }
      }
    }
    return condition;
  }

  private Limits limits() {
    Optional<Fields> limits = top.fields("limits", List.of("cooldown", "actions_per_hour"));
    Duration cooldown =
        limits
            .flatMap(it -> it.read("cooldown", Durations::positive))
            .orElse(Limits.DEFAULT.cooldown());
    int actions =
        limits
            .flatMap(it -> it.whole("actions_per_hour", 1, 60))
            .orElse(Limits.DEFAULT.actionsPerHour());
    return new Limits(cooldown, actions);
  }
}

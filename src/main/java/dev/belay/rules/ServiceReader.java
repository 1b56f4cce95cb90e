package dev.belay.rules;

import dev.belay.core.alert.Matcher;
import dev.belay.core.engine.RolloutTrouble;
import dev.belay.core.release.Shipper;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Measuring;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Trigger;
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

/** The fourth dialect: a service, what runs it, and what to do when. */
final class ServiceReader {
  private static final String TRIGGERS = "rollback_triggers";
  private static final List<String> REMEDIATION =
      List.of("name", "when", "blame", "mode", "ladder");

  private final Fields top;
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
    this.file = file;
    this.manifests = manifests;
    this.catalog = catalog;
    this.problems = problems;
  }

  void read() {
    Optional<String> name = top.read("service", Names::own);
    Optional<Workload> workload = top.read("workload", Names::workload);
    List<Matcher> match = match();
    List<Trigger> triggers = Triggers.read(top, problems);
    LadderReader ladder =
        new LadderReader(top.has("workload"), workload, file, manifests, problems);
    List<Remediation> remediations = new ArrayList<>();
    for (Yaml item : top.items("remediations")) {
      Fields.of(item, "a remediation", problems, REMEDIATION)
          .flatMap(fields -> remediation(fields, ladder))
          .ifPresent(remediations::add);
    }
    if (asksForAlerts.isPresent() && !top.has("match")) {
      problems.error(
          asksForAlerts.get(),
          "no alert can be this service's; say which are by \"match\", as in"
              + " match: { namespace: covet }");
    }
    Limits limits = limits();
    Measuring measuring = Signals.read(top, problems);
    Map<Shipper, String> announcedAs = Announcements.read(top);
    Duration soak = top.read("soak", Durations::positive).orElse(Service.DEFAULT_SOAK);
    name.ifPresentOrElse(
        it ->
            catalog.service(
                new Catalog.Draft(
                    new Service(
                        it,
                        workload,
                        match,
                        triggers,
                        List.copyOf(remediations),
                        limits,
                        soak,
                        measuring,
                        announcedAs),
                    top.at("service"),
                    asksForTriggers,
                    top.node(TRIGGERS).map(_ -> top.at(TRIGGERS)),
                    alertNames)),
        catalog::nameless);
  }

  private List<Matcher> match() {
    Yaml node = top.node("match").orElse(null);
    if (node == null) {
      return List.of();
    }
    int before = problems.errors();
    List<Matcher> matchers = new ArrayList<>();
    if (node instanceof Mapping mapping) {
      for (Entry entry : mapping.entries()) {
        Fields.read(entry.value(), Quoted.of(entry.key()), problems, text -> text)
            .ifPresent(value -> matchers.add(Matcher.equal(entry.key(), value)));
      }
    } else {
      for (Yaml item : top.items("match")) {
        Fields.read(item, "a matcher", problems, Matchers::parse).ifPresent(matchers::addAll);
      }
    }
    if (before == problems.errors() && Catalog.matchAnything(matchers)) {
      problems.error(
          top.at("match"),
          "\"match\" would match an alert that has no labels at all; ask for a label with a value");
    }
    return List.copyOf(matchers);
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
          Fields.read(item, "an entry of \"when\"", problems, ServiceReader::condition);
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
        } else if (!top.has("workload")) {
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

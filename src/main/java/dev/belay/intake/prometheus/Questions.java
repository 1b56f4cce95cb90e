package dev.belay.intake.prometheus;

import dev.belay.core.alert.Matcher;
import dev.belay.core.rule.Measure;
import dev.belay.core.rule.Profile;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What Prometheus is to be asked for the triggers of all services: services that are measured in
 * the same way share a query, and its answer is told apart by labels.
 */
final class Questions {
  /** Up to so many values of a label are selected by name; more would make the query too long. */
  private static final int VALUES = 50;

  private static final Pattern LABEL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*+");
  private static final Pattern MEANS_MORE = Pattern.compile("[\\\\.+*?()|\\[\\]{}^$]");

  /**
   * What queries have in common.
   *
   * @param own a query of people's own
   * @param family what the query, or that for its traffic, is made of
   */
  private record Shape(
      Optional<String> own,
      Optional<Family> family,
      List<String> by,
      Signal signal,
      Optional<Double> quantile) {}

  private final PrometheusSettings settings;
  private final Map<Shape, List<Asker>> askers = new LinkedHashMap<>();
  private final List<Asker> unmeasured = new ArrayList<>();

  private Questions(PrometheusSettings settings) {
    this.settings = settings;
  }

  /** For the triggers of these services. */
  static Questions of(List<Service> services, PrometheusSettings settings) {
    Questions questions = new Questions(settings);
    services.forEach(
        service -> service.triggers().forEach(trigger -> questions.add(service, trigger)));
    return questions;
  }

  /** Each to be asked by itself. */
  List<Question> all() {
    return askers.entrySet().stream().map(it -> question(it.getKey(), it.getValue())).toList();
  }

  /** The triggers for which nothing can be asked: no label tells their service's series apart. */
  List<Asker> unmeasured() {
    return List.copyOf(unmeasured);
  }

  private void add(Service service, Trigger trigger) {
    Signal signal = trigger.signal();
    Measure measure = service.measuring().of(signal);
    Profile profile = service.measuring().profile().orElse(settings.profile());
    Family family = Family.of(signal, profile);
    Selection selection = new Selection(family.select(service), true);
    boolean own = measure.query().isPresent();
    double traffic =
        measure
            .minimumTraffic()
            .orElse(own || family == Family.KUBE ? 0 : settings.minimumTraffic());
    boolean made = !own || traffic > 0;
    List<String> by = made ? names(selection.matchers()) : List.of();
    Asker asker =
        new Asker(
            service.name(),
            trigger,
            measure,
            own ? "its query" : family.metric(signal),
            own ? new Selection(service.match(), false) : selection,
            selection,
            traffic);
    if (made && (by.isEmpty() || !by.stream().allMatch(name -> LABEL.matcher(name).matches()))) {
      unmeasured.add(asker);
      return;
    }
    Shape shape =
        new Shape(
            measure.query(),
            made ? Optional.of(family) : Optional.empty(),
            by,
            signal,
            trigger.quantile());
    askers.computeIfAbsent(shape, _ -> new ArrayList<>()).add(asker);
  }

  private static List<String> names(List<Matcher> select) {
    return select.stream().map(Matcher::name).distinct().sorted().toList();
  }

  private Question question(Shape shape, List<Asker> all) {
    Optional<Expression> made =
        shape
            .family()
            .map(
                family ->
                    new Expression(family, shape.by(), narrow(shape, all), settings.window()));
    boolean guarded = all.stream().anyMatch(asker -> asker.minimumTraffic() > 0);
    Question.Asked values =
        shape
            .own()
            .map(own -> new Question.Asked(own, List.of()))
            .orElseGet(
                () ->
                    new Question.Asked(
                        made.orElseThrow().of(shape.signal(), shape.quantile()), shape.by()));
    return new Question(
        name(shape, all),
        values,
        made.filter(_ -> guarded)
            .flatMap(it -> it.traffic(shape.signal()))
            .map(traffic -> new Question.Asked(traffic, shape.by())),
        List.copyOf(all));
  }

  private static String name(Shape shape, List<Asker> all) {
    String signal =
        shape.signal().key() + shape.quantile().map(quantile -> " " + quantile).orElse("");
    return shape.own().isPresent()
        ? signal + " of " + all.getFirst().service()
        : signal
            + " by "
            + String.join(", ", shape.by())
            + " ("
            + shape.family().orElseThrow().name().toLowerCase(Locale.ROOT)
            + ")";
  }

  /** Leaves out series that mean no service, where all services are known by the same label. */
  private static List<String> narrow(Shape shape, List<Asker> all) {
    List<String> narrowed = new ArrayList<>();
    for (String label : shape.by()) {
      SortedSet<String> values = new TreeSet<>();
      boolean everyOne =
          all.stream().allMatch(asker -> value(asker, label).map(values::add).isPresent());
      if (everyOne && values.size() <= VALUES) {
        narrowed.add(label + selection(values));
      }
    }
    return List.copyOf(narrowed);
  }

  private static Optional<String> value(Asker asker, String label) {
    return asker.traffic().value(label).filter(value -> !value.isEmpty());
  }

  /** What follows a label's name so that any of these values is meant, and no other. */
  static String selection(SortedSet<String> values) {
    return values.size() == 1
        ? "=" + quoted(values.first())
        : "=~"
            + quoted(
                values.stream()
                    .map(value -> MEANS_MORE.matcher(value).replaceAll("\\\\$0"))
                    .collect(Collectors.joining("|")));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}

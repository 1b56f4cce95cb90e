package dev.belay.rules;

import dev.belay.core.rule.LabelNeed;
import dev.belay.core.rule.WorkloadSelector;
import dev.belay.rules.yaml.Nearest;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Unreadable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads which workloads a fleet is: Kubernetes's own label selectors, as {@code kubectl -l} has
 * them, in which {@code namespace} and {@code kind} ask for those instead of labels.
 */
final class Selectors {
  private static final String EXAMPLE =
      "; write it as namespace in (shop, pay), belay.dev/managed=true";
  private static final String WORD = "[^\\s,()!=]+";
  private static final Pattern TERM =
      Pattern.compile(
          "\\s*(?:"
              + "(?<absent>!)\\s*(?<none>"
              + WORD
              + ")|(?<key>"
              + WORD
              + ")(?:\\s*(?<sign>==|!=|=)\\s*(?<value>"
              + WORD
              + ")?|\\s+(?<set>in|notin)\\s*\\((?<values>[^()]*)\\))?)\\s*(?:,|$)");
  private static final Pattern KEY =
      Pattern.compile(
          "([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?");
  private static final Pattern VALUE =
      Pattern.compile("([A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?)?");
  private static final int MOST = 50;

  private final String text;
  private final List<String> kinds = new ArrayList<>();
  private final List<String> namespaces = new ArrayList<>();
  private final List<String> except = new ArrayList<>();
  private final List<LabelNeed> labels = new ArrayList<>();

  private Selectors(String text) {
    this.text = text;
  }

  static WorkloadSelector parse(String text) throws Unreadable {
    return new Selectors(text).all();
  }

  private WorkloadSelector all() throws Unreadable {
    Matcher term = TERM.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!term.find(at) || term.start() != at) {
        throw new Unreadable(
            Quoted.of(text.substring(at).strip()) + " asks for no label" + EXAMPLE);
      }
      need(need(term));
      at = term.end();
    }
    if (namespaces.size() > MOST || labels.size() > MOST) {
      throw new Unreadable(
          "names more than " + MOST + " namespaces or labels; use a label of its own");
    }
    if (!namespaces.isEmpty() && except.containsAll(namespaces)) {
      throw new Unreadable("leaves no namespace to look in; drop one of its terms");
    }
    return new WorkloadSelector(
        kinds.isEmpty() ? List.of("deployment") : List.copyOf(kinds),
        List.copyOf(namespaces),
        List.copyOf(except),
        List.copyOf(labels));
  }

  private static LabelNeed need(Matcher term) throws Unreadable {
    if (term.group("absent") != null) {
      return new LabelNeed(key(term.group("none")), LabelNeed.Operator.ABSENT, List.of());
    }
    String key = key(term.group("key"));
    if (term.group("set") != null) {
      List<String> values =
          Stream.of(term.group("values").split(",", -1)).map(String::strip).toList();
      if (values.equals(List.of("")) || values.size() > MOST) {
        throw new Unreadable(
            Quoted.of(key) + " needs from 1 to " + MOST + " values in its parentheses");
      }
      return of(key, term.group("set").equals("in"), values);
    }
    if (term.group("sign") != null) {
      String value = term.group("value");
      return of(key, !term.group("sign").equals("!="), List.of(value == null ? "" : value));
    }
    return new LabelNeed(key, LabelNeed.Operator.EXISTS, List.of());
  }

  private static LabelNeed of(String key, boolean in, List<String> values) throws Unreadable {
    for (String value : values) {
      if (!VALUE.matcher(value).matches()) {
        throw new Unreadable(
            Quoted.of(value)
                + " cannot be a label's value; write up to 63 letters, digits, \"-\","
                + " \"_\" and \".\"");
      }
    }
    return new LabelNeed(
        key, in ? LabelNeed.Operator.IN : LabelNeed.Operator.NOT_IN, List.copyOf(values));
  }

  private static String key(String text) throws Unreadable {
    if (!KEY.matcher(text).matches()) {
      throw new Unreadable(Quoted.of(text) + " cannot be a label's name" + EXAMPLE);
    }
    return text;
  }

  private void need(LabelNeed need) throws Unreadable {
    switch (need.key()) {
      case "namespace" -> {
        for (String name : need.values()) {
          Names.namespace(name);
        }
        switch (need.operator()) {
          case IN -> once(namespaces, need);
          case NOT_IN -> except.addAll(need.values());
          case EXISTS, ABSENT ->
              throw new Unreadable("every workload has a namespace; say which" + EXAMPLE);
        }
      }
      case "kind" -> {
        for (String kind : need.values()) {
          if (!Names.WORKLOADS.contains(kind)) {
            throw new Unreadable(
                Quoted.of(kind) + " is no kind of workload" + Nearest.hint(kind, Names.WORKLOADS));
          }
        }
        if (need.operator() != LabelNeed.Operator.IN) {
          throw new Unreadable(
              "say which kinds are meant, as in kind in (deployment, statefulset)");
        }
        once(kinds, need);
      }
      default -> labels.add(need);
    }
  }

  private static void once(List<String> values, LabelNeed need) throws Unreadable {
    if (!values.isEmpty()) {
      throw new Unreadable(
          Quoted.of(need.key()) + " stands there twice; write all its values in one term");
    }
    values.addAll(need.values().stream().distinct().toList());
  }
}

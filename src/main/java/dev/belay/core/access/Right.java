package dev.belay.core.access;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A right that rules need, as one rule of a Role has it.
 *
 * @param group the API group; empty: Kubernetes's first one
 * @param resource the plural of the kind
 * @param names of which objects; none: of all
 * @param namespace in which namespace; empty: in all
 * @param verbs what may be done, at least one
 * @param why who asks for it; at least one
 */
public record Right(
    String group,
    String resource,
    SortedSet<String> names,
    Optional<String> namespace,
    SortedSet<Verb> verbs,
    SortedSet<Why> why) {
  /**
   * A rule's reason.
   *
   * @param rule the name of the service, or {@code fleet NAME}
   * @param purpose what it does with the right, as in {@code roll back deployment/a/b}
   */
  public record Why(String rule, String purpose) implements Comparable<Why> {
    @Override
    public int compareTo(Why other) {
      int byRule = rule.compareTo(other.rule);
      return byRule == 0 ? purpose.compareTo(other.purpose) : byRule;
    }

    @Override
    public String toString() {
      return rule + ": " + purpose;
    }
  }

  /** A right whose sets nobody changes any more. */
  public Right {
    names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    verbs = Collections.unmodifiableSortedSet(new TreeSet<>(verbs));
    why = Collections.unmodifiableSortedSet(new TreeSet<>(why));
  }

  /** All that it allows, each by itself. */
  public List<Access> accesses() {
    List<Optional<String>> each =
        names.isEmpty() ? List.of(Optional.empty()) : names.stream().map(Optional::of).toList();
    return verbs.stream()
        .flatMap(
            verb -> each.stream().map(name -> new Access(verb, group, resource, name, namespace)))
        .toList();
  }

  /** Whether it allows all that the other does. */
  boolean covers(Right other) {
    return group.equals(other.group)
        && resource.equals(other.resource)
        && (namespace.isEmpty() || namespace.equals(other.namespace))
        && (names.isEmpty() || (!other.names.isEmpty() && names.containsAll(other.names)))
        && verbs.containsAll(other.verbs);
  }

  /** The same right, asked for by those of the other as well. */
  Right alsoFor(Right other) {
    SortedSet<Why> both = new TreeSet<>(why);
    both.addAll(other.why);
    return new Right(group, resource, names, namespace, verbs, both);
  }

  /** The same right to those objects that the other names as well. */
  Right and(Right other) {
    return new Right(
            group,
            resource,
            Stream.concat(names.stream(), other.names.stream())
                .collect(TreeSet::new, TreeSet::add, TreeSet::addAll),
            namespace,
            verbs,
            why)
        .alsoFor(other);
  }

  /** Whether the two differ in the names of objects alone. */
  boolean differsInNamesOnly(Right other) {
    return !names.isEmpty()
        && !other.names.isEmpty()
        && group.equals(other.group)
        && resource.equals(other.resource)
        && namespace.equals(other.namespace)
        && verbs.equals(other.verbs);
  }
}

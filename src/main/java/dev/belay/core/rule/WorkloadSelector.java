package dev.belay.core.rule;

import dev.belay.core.release.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which workloads of a cluster are meant.
 *
 * @param kinds of which kinds, at least one
 * @param namespaces in which namespaces; none: in all but {@code except}
 * @param except in which not
 * @param labels what is asked of their labels; all of it
 */
public record WorkloadSelector(
    List<String> kinds, List<String> namespaces, List<String> except, List<LabelNeed> labels) {
  /** Where to look so that nothing that is meant is missed; each is asked for by itself. */
  public List<Place> places() {
    return kinds.stream()
        .flatMap(
            kind ->
                namespaces.isEmpty()
                    ? Stream.of(new Place(kind, Optional.empty()))
                    : namespaces.stream()
                        .filter(name -> !except.contains(name))
                        .map(name -> new Place(kind, Optional.of(name))))
        .toList();
  }

  /** Whether it may mean the workload, if that has the labels. */
  public boolean covers(Workload workload) {
    return kinds.contains(workload.kind())
        && (namespaces.isEmpty() || namespaces.contains(workload.namespace()))
        && !except.contains(workload.namespace());
  }

  /** Whether it means the workload, which has these labels. */
  public boolean selects(Workload workload, Map<String, String> its) {
    return covers(workload) && labels.stream().allMatch(need -> need.met(its));
  }

  /** What is asked of labels, as a list query has it; empty where nothing is. */
  public String labelSelector() {
    return labels.stream().map(LabelNeed::toString).collect(Collectors.joining(","));
  }

  /** As people write it. */
  @Override
  public String toString() {
    return Stream.of(
            Stream.of("kind in (" + String.join(", ", kinds) + ")"),
            list("namespace in", namespaces),
            list("namespace notin", except),
            labels.stream().map(LabelNeed::toString))
        .flatMap(terms -> terms)
        .collect(Collectors.joining(", "));
  }

  private static Stream<String> list(String what, List<String> values) {
    return values.isEmpty()
        ? Stream.empty()
        : Stream.of(what + " (" + String.join(", ", values) + ")");
  }
}

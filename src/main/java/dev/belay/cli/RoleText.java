package dev.belay.cli;

import dev.belay.core.access.Right;
import dev.belay.core.access.Verb;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rights as Kubernetes's roles, in YAML, and over each the rules that ask for it. */
final class RoleText {
  /** So many rules are named over a right; the rest is counted. */
  private static final int MOST_NAMED = 10;

  private RoleText() {}

  /**
   * Roles and their bindings, to be applied as they are.
   *
   * @param name what each is called
   * @param accountNamespace where the service account is that gets them
   * @param account its name
   */
  static String objects(List<Right> rights, String name, String accountNamespace, String account) {
    return byNamespace(rights).entrySet().stream()
        .map(
            each ->
                object(each.getKey(), each.getValue(), name)
                    + binding(each.getKey(), name, accountNamespace, account))
        .collect(Collectors.joining("---\n"));
  }

  /** The value {@code rbac} of Belay's chart. */
  static String values(List<Right> rights) {
    SortedMap<String, List<Right>> by = byNamespace(rights);
    List<Right> everywhere = Optional.ofNullable(by.remove("")).orElse(List.of());
    return "rbac:\n  clusterRules:"
        + (everywhere.isEmpty() ? " []\n" : "\n" + rules(everywhere, "    "))
        + "  roles:"
        + (by.isEmpty() ? " []\n" : "\n")
        + by.entrySet().stream()
            .map(
                each ->
                    "    - namespace: "
                        + quoted(each.getKey())
                        + "\n      rules:\n"
                        + rules(each.getValue(), "        "))
            .collect(Collectors.joining());
  }

  private static SortedMap<String, List<Right>> byNamespace(List<Right> rights) {
    return rights.stream()
        .collect(
            Collectors.groupingBy(
                right -> right.namespace().orElse(""), TreeMap::new, Collectors.toList()));
  }

  private static String object(String namespace, List<Right> rights, String name) {
    return "apiVersion: rbac.authorization.k8s.io/v1\nkind: "
        + kind(namespace)
        + "\n"
        + metadata(namespace, name)
        + "rules:\n"
        + rules(rights, "  ");
  }

  private static String binding(
      String namespace, String name, String accountNamespace, String account) {
    return """
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: %1$sBinding
    %2$sroleRef: { apiGroup: rbac.authorization.k8s.io, kind: %1$s, name: %3$s }
    subjects:
      - { kind: ServiceAccount, namespace: %4$s, name: %5$s }
    """
        .formatted(
            kind(namespace),
            metadata(namespace, name),
            quoted(name),
            quoted(accountNamespace),
            quoted(account));
  }

  private static String kind(String namespace) {
    return namespace.isEmpty() ? "ClusterRole" : "Role";
  }

  private static String metadata(String namespace, String name) {
    return "metadata:\n  name: "
        + quoted(name)
        + "\n"
        + (namespace.isEmpty() ? "" : "  namespace: " + quoted(namespace) + "\n");
  }

  private static String rules(List<Right> rights, String indent) {
    return rights.stream().map(right -> rule(right, indent)).collect(Collectors.joining());
  }

  private static String rule(Right right, String indent) {
    Stream<String> why =
        right.why().stream().limit(MOST_NAMED).map(each -> indent + "# " + each + "\n");
    int more = right.why().size() - MOST_NAMED;
    return why.collect(Collectors.joining())
        + (more > 0 ? indent + "# and " + more + " more\n" : "")
        + indent
        + "- apiGroups: "
        + list(Stream.of(right.group()))
        + "\n"
        + indent
        + "  resources: "
        + list(Stream.of(right.resource()))
        + "\n"
        + (right.names().isEmpty()
            ? ""
            : indent + "  resourceNames: " + list(right.names().stream()) + "\n")
        + indent
        + "  verbs: "
        + list(right.verbs().stream().map(Verb::word))
        + "\n";
  }

  private static String list(Stream<String> words) {
    return words.map(RoleText::quoted).collect(Collectors.joining(", ", "[", "]"));
  }

  /** Names of Kubernetes have no characters that YAML's quotes would mind. */
  private static String quoted(String name) {
    return '"' + name + '"';
  }

  /**
   * The value {@code rules} of Belay's chart.
   *
   * @param files each by its path in the folder
   * @param ports where their probes go to
   */
  static String files(Map<String, String> files, SortedSet<Integer> ports) {
    return "rules:\n  ports: "
        + ports
        + "\n  files:\n"
        + files.entrySet().stream()
            .map(each -> "    " + scalar(each.getKey()) + ": " + text(each.getValue()))
            .collect(Collectors.joining());
  }

  /** As people wrote it, where YAML can have it so. */
  private static String text(String text) {
    boolean plain =
        !text.startsWith(" ")
            && !text.startsWith("\n")
            && text.endsWith("\n")
            && !text.endsWith("\n\n")
            && text.codePoints().allMatch(it -> it == '\n' || (it >= ' ' && it <= '~'));
    return plain
        ? "|\n"
            + text.lines()
                .map(line -> line.isBlank() ? "\n" : "      " + line + "\n")
                .collect(Collectors.joining())
        : scalar(text) + "\n";
  }

  /** In YAML's double quotes. */
  private static String scalar(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                default -> {
                  if (point >= ' ' && point <= '~') {
                    quoted.appendCodePoint(point);
                  } else {
                    quoted.append("\\U%08x".formatted(point));
                  }
                }
              }
            });
    return quoted.append('"').toString();
  }
}

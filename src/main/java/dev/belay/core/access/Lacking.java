package dev.belay.core.access;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What rules need and the cluster does not allow.
 *
 * @param byRule for each rule that lacks something, what it lacks; no rule is there in vain
 */
public record Lacking(Map<String, Set<Access>> byRule) {
  /** So many are named of each rule; the rest is counted. */
  private static final int MOST_NAMED = 4;

  /** Nothing is lacking. */
  public static final Lacking NOTHING = new Lacking(Map.of());

  /** What these rights want that was refused. */
  public static Lacking of(Collection<Right> rights, Set<Access> refused) {
    Map<String, Set<Access>> byRule = new TreeMap<>();
    for (Right right : rights) {
      for (Access access : right.accesses()) {
        if (refused.contains(access)) {
          right
              .why()
              .forEach(
                  why ->
                      byRule.computeIfAbsent(why.rule(), _ -> new LinkedHashSet<>()).add(access));
        }
      }
    }
    return new Lacking(byRule);
  }

  /** One sentence for each rule. */
  public List<String> sentences() {
    return byRule.entrySet().stream()
        .map(
            each ->
                each.getKey()
                    + ": Belay may not "
                    + named(each.getValue())
                    + "; grant it what belay rbac prints")
        .toList();
  }

  private static String named(Set<Access> accesses) {
    String first =
        accesses.stream().limit(MOST_NAMED).map(Access::toString).collect(Collectors.joining(", "));
    return accesses.size() <= MOST_NAMED
        ? first
        : first + " and " + (accesses.size() - MOST_NAMED) + " more";
  }
}

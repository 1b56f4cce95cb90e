package dev.belay.port;

import dev.belay.core.release.Revision;
import dev.belay.core.release.Workload;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Belay's own store of revisions that ran well: what a cluster's history cleanup deletes can still
 * be returned to. The daemon says which are wanted; the cluster's adapter keeps them as it comes
 * by. Thread-safe. Never throws where its disk fails: that is logged, and tried again at the next
 * look. Implementations pass {@code BaselinesContract}.
 */
public interface Baselines {
  /** So many are wanted for each workload. */
  int AT_MOST = 5;

  /**
   * From now on these are to be kept for the workload, and all others are forgotten.
   *
   * @param digests of the templates, at most {@link #AT_MOST}
   */
  void want(Workload workload, List<String> digests);

  /** The digests that are to be kept for the workload. */
  Set<String> wanted(Workload workload);

  /** Keeps one, durably, in the place of one with its digest. */
  void keep(Baseline baseline);

  /**
   * The digests of those kept.
   *
   * @param uid of this very workload, not of another that had its name
   */
  Set<String> kept(Workload workload, String uid);

  /** One of those; empty where it is not kept, or what is kept is not what it was. */
  Optional<Baseline> find(Workload workload, String uid, String digest);

  /**
   * The revisions that a workload can be returned to: what the cluster has, and of what it has
   * forgotten what is kept. Keeps what is wanted of what is there.
   *
   * @param digest of the workload's present template
   * @param there what the cluster has
   * @param template of one of those, as {@link Baseline#template}
   * @return all of them, the highest number first
   */
  default List<Revision> revisions(
      Workload workload,
      String uid,
      String digest,
      List<Revision> there,
      Function<Revision, Map<String, @Nullable Object>> template) {
    Set<String> kept = kept(workload, uid);
    Set<String> wanted = wanted(workload);
    there.stream()
        .filter(each -> wanted.contains(each.digest()) && !kept.contains(each.digest()))
        .forEach(each -> keep(new Baseline(workload, uid, each, template.apply(each))));
    Set<String> known = there.stream().map(Revision::digest).collect(Collectors.toSet());
    // One that has the present template is no earlier one: the cluster is yet to make it.
    return Stream.concat(
            there.stream(),
            kept.stream()
                .filter(each -> !known.contains(each) && !each.equals(digest))
                .flatMap(each -> find(workload, uid, each).stream())
                .map(Baseline::revision))
        .sorted(Comparator.comparingLong(Revision::number).reversed())
        .toList();
  }
}

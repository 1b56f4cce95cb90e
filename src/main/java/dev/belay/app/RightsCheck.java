package dev.belay.app;

import dev.belay.core.access.Access;
import dev.belay.core.access.Lacking;
import dev.belay.core.access.Right;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterUnavailable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the cluster whether Belay may do what the rules need, at the start and, while something is
 * lacking or the cluster does not answer, now and then again. It stops nothing: what is forbidden
 * is refused when it comes to that, and said here before.
 */
public final class RightsCheck implements AutoCloseable {
  /** How often it is asked again. */
  static final Duration PAUSE = Duration.ofMinutes(1);

  /** The most questions in a round; each is one small request. */
  static final int MOST_QUESTIONS = 500;

  private static final Logger LOG = LoggerFactory.getLogger(RightsCheck.class);

  private final Cluster cluster;
  private final List<Right> rights;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("belay-rights").daemon().factory());
  private volatile Lacking lacking = Lacking.NOTHING;
  private volatile boolean closed;

  /**
   * Asks nothing yet.
   *
   * @param registry where the rules are counted that lack something
   */
  RightsCheck(Cluster cluster, List<Right> rights, MeterRegistry registry) {
    this.cluster = cluster;
    this.rights = rights;
    Gauge.builder("belay.rights.lacking", this, check -> check.lacking.byRule().size())
        .description("Rules that lack rights in the cluster, as far as is known.")
        .register(registry);
  }

  /** Begins to ask, on a thread of its own. */
  void start(Duration pause) {
    thread.execute(() -> round(pause));
  }

  /** What is lacking, in one line; empty where nothing is, or nothing is known. */
  Optional<String> trouble() {
    List<String> sentences = lacking.sentences();
    return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join(". ", sentences));
  }

  private void round(Duration pause) {
    boolean again;
    try {
      Lacking found = ask(cluster, rights);
      if (!found.equals(lacking)) {
        found.sentences().forEach(LOG::warn);
        if (found.equals(Lacking.NOTHING)) {
          LOG.info("Belay has all the rights in the cluster that its rules need");
        }
        lacking = found;
      }
      again = !found.equals(Lacking.NOTHING);
    } catch (ClusterUnavailable e) {
      // That it does not answer is told by those who look at workloads.
      LOG.debug("the rights are not known yet: {}", e.getMessage());
      again = true;
    }
    if (again && !closed) {
      var _ = thread.schedule(() -> round(pause), pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /**
   * What of these rights the cluster does not grant, as far as the first {@link #MOST_QUESTIONS}
   * tell.
   *
   * @throws ClusterUnavailable where no trustworthy answer was had
   */
  public static Lacking ask(Cluster cluster, List<Right> rights) {
    Set<Access> refused = new HashSet<>();
    rights.stream()
        .flatMap(right -> right.accesses().stream())
        .distinct()
        .limit(MOST_QUESTIONS)
        .filter(access -> !cluster.allows(access))
        .forEach(refused::add);
    return Lacking.of(rights, refused);
  }

  @Override
  public void close() {
    closed = true;
    thread.shutdownNow();
  }
}

package dev.belay.app;

import dev.belay.core.access.Access;
import dev.belay.core.access.Lacking;
import dev.belay.core.access.Right;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterUnavailable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the cluster whether Belay may do what the rules need, at the start, a bounded number at a
 * time, and now and then again what it does not grant or did not answer. It stops nothing: what is
 * forbidden is refused when it comes to that, and said here before.
 */
public final class RightsCheck implements AutoCloseable {
  /** How often it is asked again. */
  static final Duration PAUSE = Duration.ofMinutes(1);

  /** The most questions in a round; each is one small request, and one at a time is under way. */
  static final int MOST_QUESTIONS = 500;

  /** After so many questions in a row without an answer, the rest of the round is left. */
  static final int SILENCES_BORNE = 3;

  /** Where questions are left, or none was answered, the next round comes so many times sooner. */
  private static final int SOONER = 10;

  private static final Logger LOG = LoggerFactory.getLogger(RightsCheck.class);

  private final Cluster cluster;
  private final List<Right> rights;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("belay-rights").daemon().factory());

  /** What is not known to be granted; what was asked for last at the end. */
  private final Queue<Access> open = new ArrayDeque<>();

  private final Set<Access> refused = new HashSet<>();

  /** Whether anything was lacking since it was last said that nothing is. */
  private boolean lacked;

  private volatile Known known;
  private volatile boolean closed;

  /**
   * What the cluster has said.
   *
   * @param unasked how many questions it has not answered yet
   */
  private record Known(Lacking lacking, int unasked) {}

  /**
   * Asks nothing yet.
   *
   * @param registry where the rules are counted that lack something
   */
  RightsCheck(Cluster cluster, List<Right> rights, MeterRegistry registry) {
    this.cluster = cluster;
    this.rights = rights;
    questions(rights).forEach(open::add);
    known = new Known(Lacking.NOTHING, open.size());
    Gauge.builder("belay.rights.lacking", this, check -> check.known.lacking().byRule().size())
        .description("Rules that lack rights in the cluster, as far as is known.")
        .register(registry);
  }

  /** Begins to ask, on a thread of its own. */
  void start(Duration pause) {
    thread.execute(() -> round(pause));
  }

  /** What is lacking or not known yet, in one line; empty where all is granted. */
  Optional<String> trouble() {
    Known now = known;
    List<String> sentences = new ArrayList<>(now.lacking().sentences());
    if (now.unasked() > 0) {
      sentences.add("rights that the cluster has yet to be asked for: " + now.unasked());
    }
    return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join(". ", sentences));
  }

  private void round(Duration pause) {
    int left = open.size();
    int most = Math.min(MOST_QUESTIONS, left);
    int answers = 0;
    int silences = 0;
    for (int asked = 0; asked < most && silences < SILENCES_BORNE && !closed; asked++) {
      left--;
      if (askNext()) {
        answers++;
        silences = 0;
      } else {
        silences++;
      }
    }
    learn();
    if (!open.isEmpty() && !closed) {
      boolean soon = known.unasked() > 0 && (left > 0 || answers == 0);
      Duration next = soon ? pause.dividedBy(SOONER) : pause;
      var _ = thread.schedule(() -> round(pause), next.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Asks one question, which is asked again after all others; whether it was answered. */
  private boolean askNext() {
    Access access = open.remove();
    try {
      if (cluster.allows(access)) {
        refused.remove(access);
      } else {
        refused.add(access);
        open.add(access);
      }
      return true;
    } catch (ClusterUnavailable e) {
      // That it does not answer is told by those who look at workloads.
      LOG.debug("it is not known yet whether Belay may {}: {}", access, e.getMessage());
      open.add(access);
      return false;
    }
  }

  private void learn() {
    List<String> said = known.lacking().sentences();
    Lacking found = Lacking.of(rights, refused);
    known = new Known(found, open.size() - refused.size());
    found.sentences().stream().filter(sentence -> !said.contains(sentence)).forEach(LOG::warn);
    lacked |= !found.equals(Lacking.NOTHING);
    if (lacked && open.isEmpty()) {
      lacked = false;
      LOG.info("Belay has all the rights in the cluster that its rules need");
    }
  }

  /**
   * What of these rights the cluster does not grant; each is asked for, one after another.
   *
   * @throws ClusterUnavailable where no trustworthy answer was had
   */
  public static Lacking ask(Cluster cluster, List<Right> rights) {
    return Lacking.of(
        rights,
        questions(rights)
            .filter(access -> !cluster.allows(access))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static Stream<Access> questions(List<Right> rights) {
    return rights.stream().flatMap(right -> right.accesses().stream()).distinct();
  }

  @Override
  public void close() {
    closed = true;
    thread.shutdownNow();
  }
}

package dev.belay.intake.prometheus;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How Belay stands with Prometheus: what is amiss with which query. Each trouble is said once, be
 * it of one query or of all. Safe for use by many threads.
 */
final class Complaints {
  private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);

  /** What tells the query for a signal's traffic from its own. */
  static final String TRAFFIC = ", traffic";

  private final PrometheusMeters meters;
  private final SortedMap<String, String> troubles = new TreeMap<>();
  private final Map<String, String> unknowns = new HashMap<>();
  private Set<String> signals = Set.of();
  private boolean answered;
  private boolean asked;
  private boolean said;

  Complaints(PrometheusMeters meters) {
    this.meters = meters;
  }

  /** What is amiss, a sentence; empty where nothing is. */
  synchronized Optional<String> trouble() {
    return asked || !troubles.isEmpty()
        ? troubles.values().stream().findFirst()
        : Optional.of("Prometheus was not asked yet");
  }

  /** Whether Prometheus answered any query since this was last asked. */
  synchronized boolean answered() {
    boolean was = answered;
    answered = false;
    return was;
  }

  /** These queries are asked for signals from now on, for these services: others count no more. */
  synchronized void only(Set<String> queries, Set<String> services) {
    for (String query : signals) {
      if (!queries.contains(query)) {
        troubles.remove(query);
        troubles.remove(query + TRAFFIC);
      }
    }
    signals = Set.copyOf(queries);
    unknowns
        .keySet()
        .removeIf(subject -> !services.contains(subject.substring(0, subject.indexOf(": "))));
  }

  /** What became of a query the last time. */
  synchronized void asked(String query, Answer answer) {
    asked = true;
    switch (answer) {
      case Answer.Series _ -> {
        troubles.remove(query);
        answered = true;
      }
      case Answer.Unknown(var result, var why) -> {
        answered |= !result.silent();
        failed(query, sentence(query, result, why));
      }
    }
    meters.answering(troubles.isEmpty());
    if (troubles.isEmpty() && said) {
      LOG.atInfo().log("Prometheus: every query is answered again");
      said = false;
    }
  }

  private void failed(String query, String sentence) {
    boolean known = troubles.containsValue(sentence);
    troubles.put(query, sentence);
    if (!known) {
      LOG.atWarn().log("Prometheus: {}", sentence);
      said = true;
    }
  }

  /** What befalls every query alike does not name one. */
  private static String sentence(String query, Result result, String why) {
    return switch (result) {
      case BAD_QUERY, INCOMPLETE, UNREADABLE -> why + " (the query of " + query + ")";
      case ANSWERED, UNREACHABLE, LATE, REFUSED, FAILED, ASKEW -> why;
    };
  }

  /**
   * Whether a trigger of a service could be told, as it is said once that it cannot.
   *
   * @param why a sentence; empty where it could
   */
  synchronized void told(String service, String trigger, Optional<String> why) {
    String subject = service + ": " + trigger;
    if (why.isEmpty()) {
      if (unknowns.remove(subject) != null) {
        LOG.atInfo().addKeyValue("service", service).log("{} can be told again", subject);
      }
    } else if (!saidOfAll(why.get()) && unknowns.put(subject, why.get()) == null) {
      LOG.atInfo()
          .addKeyValue("service", service)
          .log("{} cannot be told and stays as it is: {}", subject, why.get());
    }
  }

  /** Whether it is a query's trouble, which was said already. */
  private boolean saidOfAll(String why) {
    return troubles.values().stream().anyMatch(trouble -> trouble.startsWith(why));
  }
}

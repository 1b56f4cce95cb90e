package dev.belay.core.engine;

import java.util.Locale;

/** Something by which Belay learns what goes on. */
public enum Input {
  /** Alerts that are sent, seen to be alive by an alert that always fires. */
  ALERTS(
      "alerts",
      "Belay concludes nothing from their absence: no remediation counts as verified, no revision"
          + " as known good, and no incident is closed. An alert that comes in is believed all the"
          + " same",
      "that Prometheus runs and has the rule of that alert, that Alertmanager runs, and that its"
          + " route for it leads here"),
  /** The cluster's API server, by the watch and by looks. */
  CLUSTER(
      "the cluster",
      "Belay begins no change in it, and concludes nothing about services that run there",
      "that the API server answers from here, with kubectl and Belay's own credentials"),
  /** Release events from Kafka. */
  KAFKA(
      "Kafka",
      "Belay may not have heard of the newest releases, and says so where it finds none to blame",
      "the brokers, the topics, and the lag of Belay's consumer group"),
  /** Queries to Prometheus. */
  PROMETHEUS(
      "Prometheus",
      "the signals and alerts that Belay asks it for are unknown: they fire, end and certify"
          + " nothing",
      "that it answers from here, and its log"),
  /** Prometheus's scrapes of what Belay's queries and rules read. */
  SCRAPES(
      "some of what Prometheus scrapes",
      "Belay concludes nothing about the services that are measured by it: no remediation counts as"
          + " verified, no revision as known good, and no incident is closed. An alert that fires"
          + " is believed all the same",
      "those targets in Prometheus (Status, Target health), that they run, and that Prometheus may"
          + " reach them"),
  /** Belay's own probes of services. */
  PROBES(
      "the probes of some services",
      "Belay concludes nothing about these services: no remediation counts as verified, no revision"
          + " as known good, and no incident is closed. An alert that fires is believed all the"
          + " same",
      "the addresses that are probed, that their names resolve where Belay runs, and that there is"
          + " a route to them");

  private final String subject;
  private final String consequence;
  private final String check;

  Input(String subject, String consequence, String check) {
    this.subject = subject;
    this.consequence = consequence;
    this.check = check;
  }

  /** What it is, within a sentence. */
  public String subject() {
    return subject;
  }

  /** What its silence means, as a part of a sentence. */
  String consequence() {
    return consequence;
  }

  /** What a person should look at while it is silent, as a part of a sentence. */
  String check() {
    return check;
  }

  /** Whether it ails for services that are named with what ails it, and for no others. */
  boolean namesServices() {
    return switch (this) {
      case ALERTS, CLUSTER, KAFKA, PROMETHEUS -> false;
      case SCRAPES, PROBES -> true;
    };
  }

  /** It as a label for metrics and the API: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

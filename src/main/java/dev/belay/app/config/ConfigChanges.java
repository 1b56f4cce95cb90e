package dev.belay.app.config;

import dev.belay.core.engine.Sentences;
import dev.belay.core.rule.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What one configuration has otherwise than another, by the names of keys: of values only the mode
 * is told, as others may be secret.
 */
public final class ConfigChanges {
  private ConfigChanges() {}

  /** The keys at the top, in the order of {@code config/belay.yml}; empty where all is the same. */
  public static List<String> between(BelayConfig before, BelayConfig after) {
    List<String> changed = new ArrayList<>();
    Mode mode = after.settings().mode();
    Mode was = before.settings().mode();
    note(changed, "listen", before.listen(), after.listen());
    note(changed, "hosts", before.hosts(), after.hosts());
    note(changed, "rules", before.rules(), after.rules());
    note(changed, "journal", before.journal(), after.journal());
    note(changed, "retention", before.retention(), after.retention());
    if (!mode.equals(was)) {
      changed.add("mode (" + Sentences.mode(mode) + " instead of " + Sentences.mode(was) + ")");
    }
    note(changed, "intake", before.intake(), after.intake());
    note(changed, "auth", before.auth(), after.auth());
    note(changed, "webhooks", before.signatures(), after.signatures());
    note(changed, "slack", before.slack(), after.slack());
    note(changed, "channels", before.channels(), after.channels());
    note(changed, "escalation", before.settings().escalation(), after.settings().escalation());
    note(changed, "kafka", before.kafka(), after.kafka());
    note(changed, "prometheus", before.prometheus(), after.prometheus());
    note(changed, "cluster", before.cluster(), after.cluster());
    note(changed, "safety", limits(before), limits(after));
    note(changed, "watchdog", before.settings().listening(), after.settings().listening());
    note(
        changed,
        "shutdown_delay and shutdown_grace",
        List.of(before.shutdownDelay(), before.shutdownGrace()),
        List.of(after.shutdownDelay(), after.shutdownGrace()));
    note(changed, "log", before.logFormat(), after.logFormat());
    return List.copyOf(changed);
  }

  private static void note(List<String> changed, String key, Object before, Object after) {
    if (!Objects.equals(before, after)) {
      changed.add(key);
    }
  }

  private static List<Object> limits(BelayConfig config) {
    var settings = config.settings();
    return List.of(
        settings.stormServices(),
        settings.stormWindow(),
        settings.actionsPerHour(),
        settings.blindAfter(),
        settings.clusterPatience(),
        settings.settlePatience(),
        settings.intentLife(),
        settings.crashLoop());
  }
}

package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ReferencesTest {
  @Test
  void allThatAPodCannotStartWithoutIsFoundOnce() {
    assertEquals(
        List.of(
            "configmaps/mounted",
            "secrets/mounted",
            "persistentvolumeclaims/disk",
            "configmaps/projected",
            "secrets/projected",
            "configmaps/init",
            "secrets/env",
            "configmaps/key",
            "secrets/key",
            "serviceaccounts/runner"),
        references(
            """
            {"spec": {
              "serviceAccountName": "runner",
              "volumes": [
                {"configMap": {"name": "mounted"}},
                {"secret": {"secretName": "mounted"}},
                {"persistentVolumeClaim": {"claimName": "disk"}},
                {"projected": {"sources": [{"configMap": {"name": "projected"}},
                                           {"secret": {"name": "projected"}}]}},
                {"emptyDir": {}}],
              "initContainers": [{"envFrom": [{"configMapRef": {"name": "init"}}]}],
              "containers": [{
                "envFrom": [{"secretRef": {"name": "env"}}, {"configMapRef": {"name": "mounted"}}],
                "env": [{"name": "A", "value": "plain"},
                        {"valueFrom": {"configMapKeyRef": {"name": "key", "key": "k"}}},
                        {"valueFrom": {"secretKeyRef": {"name": "key", "key": "k"}}}]}]}}
            """));
  }

  @Test
  void whatMayBeMissingIsNotAskedFor() {
    assertEquals(
        List.of(),
        references(
            """
            {"spec": {
              "serviceAccountName": "default",
              "volumes": [{"configMap": {"name": "a", "optional": true}},
                          {"secret": {"secretName": "b", "optional": true}}],
              "containers": [{
                "envFrom": [{"secretRef": {"name": "c", "optional": true}}],
                "env": [{"valueFrom": {"secretKeyRef": {"name": "d", "optional": true}}}]}]}}
            """));
  }

  private static List<String> references(String template) {
    return References.of(Api.JSON.readTree(template)).stream()
        .map(References.Reference::toString)
        .toList();
  }
}

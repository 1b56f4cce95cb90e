package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OwnerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Argo CD | {'annotations': {'argocd.argoproj.io/tracking-id': 'a:apps/Deployment:b/c'}}",
        "Argo CD | {'managedFields': [{'manager': 'argocd-controller'}]}",
        "Flux | {'labels': {'kustomize.toolkit.fluxcd.io/name': 'apps'}}",
        "Flux | {'labels': {'helm.toolkit.fluxcd.io/name': 'apps'}}",
        "Flux | {'managedFields': [{'manager': 'kustomize-controller'}]}",
        "Flagger | {'managedFields': [{'manager': 'kubectl'}, {'manager': 'flagger'}]}",
        "Canary/shop | {'ownerReferences': [{'kind': 'Canary', 'name': 'shop', 'controller':"
            + " true}]}",
      })
  void whoWouldUndoAChangeIsNamed(String name, String metadata) {
    assertEquals(Optional.of(name), owner(metadata));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nobody | {}",
        "plain Helm | {'labels': {'app.kubernetes.io/managed-by': 'Helm',"
            + " 'app.kubernetes.io/instance': 'x'}}",
        "kubectl | {'managedFields': [{'manager': 'kubectl-client-side-apply'}]}",
        "no controller | {'ownerReferences': [{'kind': 'Team', 'name': 'shop'}]}",
      })
  void whoWouldNotIsNot(String who, String metadata) {
    assertEquals(Optional.empty(), owner(metadata), who);
  }

  @Test
  void fluxThatWasToldToLetGoIsNone() {
    assertEquals(
        Optional.empty(),
        owner(
            """
            {'labels': {'kustomize.toolkit.fluxcd.io/name': 'apps'},
             'annotations': {'kustomize.toolkit.fluxcd.io/reconcile': 'disabled'},
             'managedFields': [{'manager': 'kustomize-controller'}]}
            """));
  }

  private static Optional<String> owner(String metadata) {
    String json = "{\"metadata\": " + metadata.replace('\'', '"') + "}";
    return Owner.of(new KubeObject(Api.JSON.readTree(json)));
  }
}

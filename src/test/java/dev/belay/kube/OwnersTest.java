package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.core.release.Owner;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OwnersTest {
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
    assertEquals(Optional.of(new Owner(name, true)), owner(metadata));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Helm | {'labels': {'app.kubernetes.io/managed-by': 'Helm'}}",
        "Helm | {'annotations': {'meta.helm.sh/release-name': 'shop'}}",
        "Flux | {'labels': {'kustomize.toolkit.fluxcd.io/name': 'apps',"
            + " 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled'}}",
      })
  void whoKeepsItAndWouldUndoNothingIsNamedToo(String name, String metadata) {
    assertEquals(Optional.of(new Owner(name, false)), owner(metadata));
  }

  @Test
  void whoUndoesGoesBeforeWhoDoesNot() {
    assertEquals(
        Optional.of(new Owner("Argo CD", true)),
        owner(
            """
            {'labels': {'app.kubernetes.io/managed-by': 'Helm'},
             'annotations': {'argocd.argoproj.io/tracking-id': 'a:apps/Deployment:b/c'}}
            """));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nobody | {}",
        "a chart's label | {'labels': {'app.kubernetes.io/instance': 'x'}}",
        "another | {'labels': {'app.kubernetes.io/managed-by': 'a team'}}",
        "kubectl | {'managedFields': [{'manager': 'kubectl-client-side-apply'}]}",
        "no controller | {'ownerReferences': [{'kind': 'Team', 'name': 'shop'}]}",
      })
  void whoDoesNotKeepItIsNotNamed(String who, String metadata) {
    assertEquals(Optional.empty(), owner(metadata), who);
  }

  @Test
  void fluxThatWasToldToLetGoUndoesNothing() {
    assertEquals(
        Optional.of(new Owner("Flux", false)),
        owner(
            """
            {'labels': {'kustomize.toolkit.fluxcd.io/name': 'apps'},
             'annotations': {'kustomize.toolkit.fluxcd.io/reconcile': 'disabled'},
             'managedFields': [{'manager': 'kustomize-controller'}]}
            """));
  }

  private static Optional<Owner> owner(String metadata) {
    String json = "{\"metadata\": " + metadata.replace('\'', '"') + "}";
    return Owners.of(new KubeObject(Api.JSON.readTree(json)));
  }
}

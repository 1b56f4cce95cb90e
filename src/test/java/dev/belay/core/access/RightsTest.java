package dev.belay.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Step;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.WorkloadSelector;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RightsTest {
  private static final Workload COVET = new Workload("deployment", "covet", "covet-app");
  private static final Workload CART = new Workload("deployment", "covet", "cart");
  private static final Set<String> LOOKING =
      Set.of(
          "deployments.apps [get, list, watch] in covet",
          "replicasets.apps [list] in covet",
          "pods [list] in covet");

  @Test
  void whoObservesLooksAndNoMore() {
    assertEquals(LOOKING, rights(Mode.ACT, service(COVET, Mode.OBSERVE, rollback(COVET))));
  }

  @Test
  void whoRollsBackPatchesThatVeryDeployment() {
    assertEquals(
        with(LOOKING, "deployments.apps/covet-app [patch] in covet"),
        rights(Mode.ACT, service(COVET, Mode.PROPOSE, rollback(COVET))));
  }

  @Test
  void theDaemonsModeCapsWhatIsNeeded() {
    assertEquals(LOOKING, rights(Mode.OBSERVE, service(COVET, Mode.ACT, rollback(COVET))));
  }

  @Test
  void anEnvironmentCapsWhatIsNeeded() {
    RuleSet rules =
        new RuleSet(
            List.of(new Environment("frozen", "c", "covet", Optional.of(Mode.OBSERVE))),
            List.of(),
            List.of(service(COVET, Mode.ACT, rollback(COVET))));
    assertEquals(LOOKING, words(Rights.of(rules, Mode.ACT)));
  }

  @Test
  void twoServicesOfANamespaceShareItsRightsAndBothAreNamed() {
    RuleSet rules =
        new RuleSet(
            List.of(),
            List.of(),
            List.of(
                service(COVET, Mode.ACT, rollback(COVET)),
                service(CART, Mode.ACT, rollback(CART))));
    List<Right> rights = Rights.of(rules, Mode.ACT);

    assertEquals(with(LOOKING, "deployments.apps/cart,covet-app [patch] in covet"), words(rights));
    assertEquals(
        "[cart: roll back deployment/covet/cart (bad), covet-app: roll back"
            + " deployment/covet/covet-app (bad)]",
        why(rights, "patch"));
  }

  @Test
  void flagsAreSetInThatVeryConfigMap() {
    Action flags = new Action.Flags(new ConfigMapRef("covet", "covet-config"), new TreeMap<>());
    assertEquals(
        with(LOOKING, "configmaps/covet-config [get, patch] in covet"),
        rights(Mode.ACT, service(COVET, Mode.ACT, flags)));
  }

  @Test
  void manifestsAreAppliedAndDeletedByTheirNames() {
    Action limit =
        new Action.RateLimit(
            "limit.yml",
            List.of(
                new Manifest("networking.istio.io/v1", "EnvoyFilter", "istio", "limit", "{}"),
                new Manifest("networking.k8s.io/v1", "NetworkPolicy", "covet", "shut", "{}")));
    assertEquals(
        with(
            LOOKING,
            "envoyfilters.networking.istio.io/limit [get, create, patch, delete] in istio",
            "networkpolicies.networking.k8s.io/shut [get, create, patch, delete] in covet"),
        rights(Mode.ACT, service(COVET, Mode.ACT, limit)));
  }

  @Test
  void otherWorkloadsKeepTheirTemplatesElsewhere() {
    Workload db = new Workload("statefulset", "covet", "db");
    assertEquals(
        Set.of(
            "controllerrevisions.apps [list] in covet",
            "statefulsets.apps [get, list, watch] in covet",
            "pods [list] in covet"),
        rights(Mode.ACT, service(db, Mode.OBSERVE, new Action.Page())));
    Workload rollout = new Workload("rollout", "covet", "web");
    assertTrue(
        rights(Mode.ACT, service(rollout, Mode.OBSERVE, new Action.Page()))
            .contains("rollouts.argoproj.io [get, list, watch] in covet"));
  }

  @Test
  void aFleetOfNamespacesHasNamespacesAsAWhole() {
    assertEquals(
        with(LOOKING, "deployments.apps [patch] in covet"),
        words(Rights.of(fleet(List.of("covet")), Mode.ACT)));
  }

  @Test
  void aFleetOfAllNamespacesHasTheClusterAndNoNamespaceBesides() {
    RuleSet both =
        new RuleSet(
            List.of(),
            List.of(),
            List.of(service(COVET, Mode.ACT, rollback(COVET))),
            fleet(List.of()).fleets());
    List<Right> rights = Rights.of(both, Mode.ACT);

    assertEquals(
        Set.of(
            "deployments.apps [get, list, watch] in all",
            "deployments.apps [patch] in all",
            "replicasets.apps [list] in all",
            "pods [list] in all"),
        words(rights));
    assertTrue(why(rights, "patch").contains("covet-app: roll back"), why(rights, "patch"));
  }

  @Test
  void withoutRulesEverythingIsLookedAt() {
    Set<String> rights = words(Rights.of(RuleSet.EMPTY, Mode.ACT));
    assertEquals(
        Set.of(
            "deployments.apps [get, list, watch] in all",
            "statefulsets.apps [get, list, watch] in all",
            "daemonsets.apps [get, list, watch] in all",
            "rollouts.argoproj.io [get, list, watch] in all",
            "replicasets.apps [list] in all",
            "controllerrevisions.apps [list] in all",
            "pods [list] in all"),
        rights);
  }

  @Test
  void moreThanTenNamespacesAreWatchedAsOne() {
    assertFalse(spread(10).toString().contains("in all"), spread(10)::toString);
    assertTrue(spread(11).contains("deployments.apps [get, list, watch] in all"));
    assertTrue(spread(11).contains("replicasets.apps [list] in ns-3"));
  }

  @Test
  void whatIsLackingIsSaidInASentenceForEachRule() {
    List<Right> rights =
        Rights.asked(
            new RuleSet(
                List.of(),
                List.of(),
                List.of(
                    service(COVET, Mode.ACT, rollback(COVET)),
                    service(CART, Mode.ACT, rollback(CART)))),
            Mode.ACT);
    Access patch =
        new Access(
            Verb.PATCH, "apps", "deployments", Optional.of("covet-app"), Optional.of("covet"));

    assertEquals(Lacking.NOTHING, Lacking.of(rights, Set.of()));
    assertEquals(
        List.of(
            "covet-app: Belay may not patch deployments.apps/covet-app in namespace covet; grant it"
                + " what belay rbac prints"),
        Lacking.of(rights, Set.of(patch)).sentences());
    assertEquals(
        List.of("cart", "covet-app"),
        List.copyOf(
            Lacking.of(
                    rights,
                    Set.of(
                        new Access(Verb.LIST, "", "pods", Optional.empty(), Optional.of("covet"))))
                .byRule()
                .keySet()));
  }

  private static Set<String> spread(int namespaces) {
    return words(
        Rights.of(
            new RuleSet(
                List.of(),
                List.of(),
                IntStream.range(0, namespaces)
                    .mapToObj(
                        i ->
                            service(
                                new Workload("deployment", "ns-" + i, "app-" + i),
                                Mode.OBSERVE,
                                new Action.Page()))
                    .toList()),
            Mode.ACT));
  }

  private static RuleSet fleet(List<String> namespaces) {
    return new RuleSet(
        List.of(),
        List.of(),
        List.of(),
        List.of(
            new Fleet(
                "shops",
                new WorkloadSelector(List.of("deployment"), namespaces, List.of(), List.of()),
                service(Fleet.ANY, Mode.ACT, rollback(Fleet.ANY)))));
  }

  private static Action rollback(Workload workload) {
    return new Action.Rollback(workload, Action.Baseline.LAST_GOOD);
  }

  private static Service service(Workload workload, Mode mode, Action action) {
    return new Service(
        workload.name(),
        Optional.of(workload),
        List.of(),
        List.of(),
        List.of(
            new Remediation(
                "bad",
                List.of(new Condition.AnyTrigger()),
                Optional.empty(),
                mode,
                List.of(new Step(action, Optional.empty(), Optional.empty())))),
        Limits.DEFAULT,
        Service.DEFAULT_SOAK);
  }

  private static Set<String> rights(Mode most, Service service) {
    return words(Rights.of(new RuleSet(List.of(), List.of(), List.of(service)), most));
  }

  private static Set<String> words(List<Right> rights) {
    return rights.stream()
        .map(
            right ->
                right.resource()
                    + (right.group().isEmpty() ? "" : "." + right.group())
                    + (right.names().isEmpty() ? "" : "/" + String.join(",", right.names()))
                    + " "
                    + right.verbs().stream().map(Verb::word).toList()
                    + " in "
                    + right.namespace().orElse("all"))
        .collect(Collectors.toSet());
  }

  private static String why(List<Right> rights, String verb) {
    return rights.stream()
        .filter(right -> right.verbs().stream().map(Verb::word).toList().contains(verb))
        .map(right -> right.why().toString())
        .findFirst()
        .orElse("");
  }

  private static Set<String> with(Set<String> looking, String... more) {
    return Stream.concat(looking.stream(), Stream.of(more)).collect(Collectors.toSet());
  }
}

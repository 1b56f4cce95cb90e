package dev.belay.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Labels;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.Service;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One file for a whole fleet. */
final class FleetRulesTest {
  private static final String MATCH =
      "match: { namespace: \"{namespace}\", deployment: \"{name}\" }";
  private static final String SHOPS =
      """
      services:
        workloads: "namespace in (shop, pay), belay.dev/managed=true"
        match: { namespace: "{namespace}", deployment: "{name}" }
      rollback_triggers: { health_check_failures: "> 50% for 30s" }
      signals: { probe: { url: "http://{name}.{namespace}:8080/health" } }
      remediations:
        - name: bad-release
          when: [ rollback_triggers, 'alertname="Errors"' ]
          blame: { release: 1h }
          mode: act
          ladder:
            - rollback: {}
              verify: 3m
            - flags: { config_map: "{name}-config", set: { A: "false" } }
      """;

  @TempDir Path temp;
  private Written rules = new Written(Path.of("unset"));

  @BeforeEach
  void makeTheFolder() {
    rules = new Written(temp.resolve("rules"));
  }

  private List<String> problemsOf(String text) {
    return rules.file("shops.yml", text).problems();
  }

  private static String selecting(String workloads) {
    return "services: { workloads: \"" + workloads + "\", " + MATCH + " }";
  }

  @Test
  void makesAServiceOfEachWorkloadWithItsOwnNamesInIt() {
    Loaded loaded = rules.file("shops.yml", SHOPS).load();
    assertEquals(List.of(), rules.shown(loaded.problems()));
    Fleet fleet = loaded.rules().fleets().getFirst();
    assertEquals("shops", fleet.name());
    assertEquals(
        List.of(
            new Place("deployment", Optional.of("shop")),
            new Place("deployment", Optional.of("pay"))),
        fleet.selector().places());

    Workload cart = new Workload("deployment", "shop", "cart");
    Service service = fleet.serviceOf(cart);
    assertEquals("shop:cart", service.name());
    assertEquals(Optional.of(cart), service.workload());
    assertTrue(service.matches(Labels.of(Map.of("namespace", "shop", "deployment", "cart"))));
    assertEquals("http://cart.shop:8080/health", service.measuring().probe().orElseThrow().url());
    assertEquals(
        List.of(new Action.Rollback(cart, Action.Baseline.LAST_GOOD).kind(), "flags", "page"),
        service.remediations().getFirst().ladder().stream()
            .map(step -> step.action().kind())
            .toList());
    assertEquals(
        new ConfigMapRef("shop", "cart-config"),
        ((Action.Flags) service.remediations().getFirst().ladder().get(1).action()).configMap());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=b c | \"a=b c\" asks for no label",
        "namespace in () | \"namespace\" needs from 1 to 50 values",
        "namespace | every workload has a namespace; say which",
        "namespace=Shop | \"Shop\" cannot be a namespace",
        "kind=deploymnt | \"deploymnt\" is no kind of workload; did you mean",
        "kind!=deployment | say which kinds are meant",
        "namespace=a, namespace=b | \"namespace\" stands there twice",
        "namespace=a, namespace!=a | leaves no namespace to look in",
        "-a=b | \"-a\" cannot be a label's name",
        "a=b/c | \"b/c\" cannot be a label's value",
      })
  void aSelectorThatIsNoneIsLocated(String selector, String problem) {
    List<String> problems = problemsOf(selecting(selector));
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(
        problems.getFirst().startsWith("shops.yml:1:24: \"workloads\": " + problem),
        problems::toString);
  }

  @Test
  void aPlaceholderThatIsNoneIsLocated() {
    assertTrue(
        problemsOf(SHOPS.replace("{name}-config", "{nam}-config"))
            .getFirst()
            .startsWith(
                "shops.yml:14:30: \"config_map\": \"{nam}\" is no placeholder; did you mean"));
    assertTrue(
        problemsOf(SHOPS.replace("deployment: \"{name}\"", "deployment: \"{nme}\""))
            .getFirst()
            .startsWith("shops.yml:3:50: \"deployment\": \"{nme}\" is no placeholder"));
    assertTrue(
        problemsOf(SHOPS.replace("http://{name}", "http://{pod}"))
            .getFirst()
            .startsWith("shops.yml:5:26: \"url\": \"{pod}\" is no placeholder"));
  }

  @Test
  void alertsMustTellTheServicesApart() {
    assertEquals(
        List.of(
            "shops.yml:3:3: an alert would be of every service of the fleet; ask for a label that"
                + " tells them apart, as in deployment: \"{name}\""),
        problemsOf(SHOPS.replace("deployment: \"{name}\"", "team: shop")));
  }

  @Test
  void onlyDeploymentsAreRolledBack() {
    List<String> problems =
        problemsOf(
            SHOPS.replace("namespace in", "kind in (deployment, statefulset), namespace in"));
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.getFirst().contains("for a statefulset let the step be page"));
  }

  @Test
  void whatOnlyOneServiceCanHaveIsRefused() {
    List<String> problems =
        problemsOf(SHOPS + "service: shop\nannounced_as: { github: acme/shop }\n");
    assertEquals(2, problems.size(), problems::toString);
    List<String> limits =
        problemsOf(
            SHOPS.replace(
                "flags: { config_map: \"{name}-config\", set: { A: \"false\" } }",
                "rate_limit: { apply: m.yml }"));
    assertTrue(limits.getFirst().contains("the same for every service"), limits::toString);
  }

  @Test
  void twoFleetsOfOneNameAreRefused() {
    rules.file("a.yml", selecting("a=b").replace("services: {", "services: { name: shops,"));
    List<String> problems = problemsOf(SHOPS);
    assertEquals(
        List.of(
            "shops.yml:1:1: the fleet \"shops\" is already written in a.yml:1:1; keep one of"
                + " them"),
        problems);
  }
}

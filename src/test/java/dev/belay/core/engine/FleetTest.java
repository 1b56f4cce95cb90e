package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Rollout;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Found;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Narrowing;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.WorkloadSelector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Services that are found, and lost. */
final class FleetTest {
  private static final Workload CART = new Workload("deployment", "shop", "cart");
  private static final Workload TILL = new Workload("deployment", "shop", "till");
  private static final Workload PAY = new Workload("deployment", "pay", "cart");
  private static final Place SHOP = new Place("deployment", Optional.of("shop"));
  private static final Place EVERYWHERE = new Place("deployment", Optional.empty());
  private static final String NAME = "shop:cart";

  private final State state = new State();
  private final State rebuilt = new State();
  private final List<Fact> facts = new ArrayList<>();
  private Core core = core(fleet("all"));
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");

  private static Fleet fleet(String name, String... namespaces) {
    return new Fleet(
        name,
        new WorkloadSelector(List.of("deployment"), List.of(namespaces), List.of(), List.of()),
        new Service(
            name,
            Optional.of(Fleet.ANY),
            List.of(
                Matcher.equal("namespace", "{namespace}"), Matcher.equal("deployment", "{name}")),
            List.of(),
            List.of(
                new Remediation(
                    "bad-release",
                    List.of(Rules.alert("Errors")),
                    Optional.of(Duration.ofHours(1)),
                    Mode.ACT,
                    List.of(Rules.rollback(), Rules.page()))),
            Limits.DEFAULT,
            Service.DEFAULT_SOAK));
  }

  private static Core core(Fleet... fleets) {
    return core(List.of(), fleets);
  }

  private static Core core(List<Service> written, Fleet... fleets) {
    return new Core(
        new RuleSet(List.of(), List.of(), written, List.of(fleets)), Rules.settings(Mode.ACT));
  }

  private FleetTest send(Event event) {
    List<Fact> more = core.handle(state, event, now).facts();
    facts.addAll(more);
    more.forEach(rebuilt::apply);
    assertEquals(state.snapshot(), rebuilt.snapshot(), "the facts rebuild the State");
    assertEquals(
        state.snapshot(), State.of(state.snapshot()).snapshot(), "a snapshot rebuilds the State");
    return this;
  }

  private FleetTest seen(String fleet, Place place, Workload... workloads) {
    return send(new Event.FleetSeen(fleet, place, new HashSet<>(List.of(workloads))));
  }

  private FleetTest alert(Workload workload, boolean firing) {
    Labels labels =
        Labels.of(
            Map.of(
                "alertname",
                "Errors",
                "namespace",
                workload.namespace(),
                "deployment",
                workload.name()));
    return send(
        new Event.AlertsReceived(
            Door.WEBHOOK,
            List.of(
                new Alert(
                    labels,
                    new TreeMap<>(),
                    firing,
                    now,
                    firing ? Optional.empty() : Optional.of(now),
                    now.plus(Duration.ofHours(5)),
                    "")),
            0));
  }

  private Optional<ServiceState> service(String name) {
    return state.service(name);
  }

  private <T extends Fact> List<T> facts(Class<T> kind) {
    return facts.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static Observation.OfWorkload runs(Workload workload, Instant made) {
    return new Observation.OfWorkload(
        workload,
        "uid",
        1,
        false,
        Rollout.done(""),
        "digest-1",
        Optional.empty(),
        Optional.empty(),
        List.of(new Revision("rs-1", 1, "digest-1", List.of("cart:1"), made, 1, Optional.empty())),
        Narrowing.NONE,
        Map.of());
  }

  @Test
  void everyWorkloadThatIsFoundIsAServiceWhoseAlertsAreKnownByItsOwnLabels() {
    seen("all", EVERYWHERE, CART, PAY).alert(PAY, true);
    assertTrue(service(NAME).orElseThrow().incident().isEmpty());
    assertTrue(service("pay:cart").orElseThrow().incident().isPresent());
  }

  @Test
  void anAlertThatFiredBeforeItsServiceWasFoundCountsForItThen() {
    alert(CART, true);
    assertTrue(state.services().isEmpty());
    seen("all", EVERYWHERE, CART);
    assertEquals("shop:cart-1", service(NAME).orElseThrow().incident().orElseThrow().id());
  }

  @Test
  void theLadderOfAFoundServiceIsAboutItsOwnWorkload() {
    Service cart = fleet("all").serviceOf(CART);
    assertEquals(
        new Action.Rollback(CART, Action.Baseline.LAST_GOOD),
        cart.remediations().getFirst().ladder().getFirst().action());
  }

  @Test
  void whatWasNotLookedForIsNotLost() {
    seen("all", EVERYWHERE, CART, TILL, PAY).seen("all", SHOP, CART);
    assertTrue(service(NAME).isPresent());
    assertTrue(service("shop:till").isEmpty());
    assertTrue(service("pay:cart").isPresent());
  }

  @Test
  void aServiceInTroubleStaysUntilThatIsOver() {
    seen("all", EVERYWHERE, CART).alert(CART, true).seen("all", EVERYWHERE);
    assertTrue(service(NAME).isPresent());
    alert(CART, false).seen("all", EVERYWHERE);
    assertTrue(service(NAME).isEmpty());
    assertEquals(1, facts(Fact.ServiceLost.class).size());
  }

  @Test
  void noIncidentOfAServiceThatComesBackHasAnIdThatWasGivenBefore() {
    seen("all", EVERYWHERE, CART).alert(CART, true).alert(CART, false).seen("all", EVERYWHERE);
    now = now.plusSeconds(600);
    seen("all", EVERYWHERE, CART).alert(CART, true);
    assertEquals("shop:cart-2", service(NAME).orElseThrow().incident().orElseThrow().id());
  }

  @Test
  void whatBelongsToAServiceOfItsOwnFileIsInNoFleet() {
    Service own =
        new Service(
            "cart",
            Optional.of(CART),
            List.of(Matcher.equal("app", "cart")),
            List.of(),
            List.of(),
            Limits.DEFAULT,
            Service.DEFAULT_SOAK);
    core = core(List.of(own), fleet("all"));
    seen("all", EVERYWHERE, CART, TILL);
    assertEquals(Set.of("shop:till"), state.found().keySet());
  }

  @Test
  void ofTwoFleetsThatFindAWorkloadTheFirstByNameHasItAndThatIsSaidOnce() {
    core = core(fleet("a"), fleet("b"));
    seen("b", EVERYWHERE, CART).seen("a", EVERYWHERE, CART).seen("b", EVERYWHERE, CART);
    assertEquals(new Found(CART, List.of("a", "b")), state.found().get(NAME));
    assertEquals(2, facts(Fact.ServiceFound.class).size());
    assertTrue(
        Sentences.of(facts(Fact.ServiceFound.class).getLast()).orElseThrow().contains("b too"));
  }

  @Test
  void whereTheFirstFleetLetsGoTheNextHasTheServiceWithAllThatIsKnownOfIt() {
    core = core(fleet("a"), fleet("b"));
    seen("a", EVERYWHERE, CART).seen("b", EVERYWHERE, CART);
    send(new Event.WorkloadSeen(NAME, runs(CART, now)));
    seen("a", EVERYWHERE);
    assertEquals(List.of("b"), Objects.requireNonNull(state.found().get(NAME)).fleets());
    assertTrue(service(NAME).orElseThrow().present().isPresent());
  }

  @Test
  void afterARestartByRulesWithoutTheFleetItsServicesAreLost() {
    seen("all", EVERYWHERE, CART);
    core = core(fleet("other", "pay"));
    send(new Event.Started());
    assertTrue(state.found().isEmpty());
    alert(CART, true);
    assertTrue(service(NAME).isEmpty());
  }

  @Test
  void afterARestartAServiceIsWhatThePresentRulesMakeOfIt() {
    seen("all", EVERYWHERE, CART);
    core = core(fleet("all", "shop"));
    send(new Event.Started());
    alert(CART, true);
    assertTrue(service(NAME).orElseThrow().incident().isPresent());
  }

  @Test
  void afterARestartByAFleetOfAnotherNameNothingIsForgottenUntilItHasLooked() {
    seen("all", EVERYWHERE, CART, TILL);
    send(new Event.WorkloadSeen(NAME, runs(CART, now)));
    core = core(fleet("renamed"));
    send(new Event.Started());
    seen("renamed", EVERYWHERE, CART);
    assertTrue(service(NAME).orElseThrow().present().isPresent());
    assertEquals(Set.of(NAME), state.found().keySet());
  }

  @Test
  void withoutAnyRulesEverythingIsObservedAndTheReleaseIsNamedThatWouldBeBlamed() {
    core = new Core(RuleSet.EMPTY.orObserving(), Settings.DEFAULT);
    seen(Fleet.OBSERVED.name(), EVERYWHERE, CART, new Workload("deployment", "kube-system", "dns"));
    assertEquals(Set.of(NAME), state.found().keySet());
    now = now.plusSeconds(600);
    send(
        new Event.ReleaseReceived(
            new Release(
                "r2",
                "ci",
                NAME,
                "",
                Release.Change.DEPLOYED,
                Optional.of("r2"),
                Optional.empty(),
                now,
                Optional.empty(),
                Optional.empty())));
    now = now.plusSeconds(60);
    alert(CART, true);
    Fact.Decided decided = facts(Fact.Decided.class).getLast();
    assertFalse(decided.act());
    assertEquals(Reason.MODE_OBSERVE, decided.reason());
    assertTrue(decided.evidence().stream().anyMatch(each -> each.value().contains("r2")));
  }
}

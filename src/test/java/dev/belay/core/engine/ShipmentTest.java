package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import dev.belay.core.release.Shipment;
import dev.belay.core.release.Shipper;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Measuring;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose release it is that a tool announces, and that each is one. */
class ShipmentTest {
  private static final Workload CART = new Workload("deployment", "shop", "cart");
  private static final Workload PAY = new Workload("deployment", "shop", "pay");
  private static final Workload PAY_STAGING = new Workload("deployment", "shop-staging", "pay");

  private final Core core =
      new Core(
          new RuleSet(
              List.of(
                  new Environment("production", "prod-eu", "shop", Optional.empty()),
                  new Environment("staging", "stage-eu", "shop-staging", Optional.empty())),
              List.of(),
              List.of(
                  service("cart", CART, Map.of()),
                  service(
                      "pay", PAY, Map.of(Shipper.ARGOCD, "pay-prod", Shipper.GITHUB, "acme/money")),
                  service("pay-staging", PAY_STAGING, Map.of(Shipper.GITHUB, "acme/money")))),
          Settings.DEFAULT);

  private final Scene scene = new Scene(core);

  // ---- whose it is

  @Test
  void aRuleSaysByWhichNameItsServiceIsAnnounced() {
    assertMeant(said(Shipper.ARGOCD, "pay-prod"), "pay");
  }

  @Test
  void aServiceThatIsAnnouncedByANameIsMeantByNoOther() {
    assertMeant(with(said(Shipper.ARGOCD, "pay"), Optional.of("shop"), Set.of(PAY)));
    assertMeant(with(said(Shipper.FLUX, "pay"), Optional.empty(), Set.of(PAY)), "pay");
  }

  @Test
  void aServiceIsMeantByItsWorkload() {
    assertMeant(
        with(said(Shipper.ARGOCD, "all"), Optional.of("shop"), Set.of(CART, PAY, PAY_STAGING)),
        "cart",
        "pay-staging");
  }

  @Test
  void aServiceIsMeantByItsNameWhereThePlaceFits() {
    assertMeant(said(Shipper.ARGOCD, "cart"), "cart");
    assertMeant(with(said(Shipper.ARGOCD, "cart"), Optional.of("shop"), Set.of()), "cart");
    assertMeant(with(said(Shipper.ARGOCD, "cart"), Optional.of("other"), Set.of()));
  }

  @Test
  void inAnotherClusterNobodyIsMeantButByTheNameOfItsRule() {
    for (String name : List.of("cart", "pay-prod")) {
      Shipment here = with(said(Shipper.ARGOCD, name), Optional.of("shop"), Set.of(CART));
      Set<String> owners = name.equals("cart") ? Set.of("cart") : Set.of("cart", "pay");
      assertEquals(owners, Set.copyOf(meant(in("prod-eu", here))));
      assertEquals(
          name.equals("cart") ? Set.of() : Set.of("pay"), Set.copyOf(meant(in("us", here))));
    }
  }

  @Test
  void ofSeveralThatOneNameMeansThoseOfTheEnvironmentHear() {
    assertMeant(to("staging", said(Shipper.GITHUB, "acme/money")), "pay-staging");
    assertMeant(to("prod-eu", said(Shipper.GITHUB, "acme/money")), "pay");
    assertMeant(said(Shipper.GITHUB, "acme/money"), "pay", "pay-staging");
    assertEquals(
        Optional.of(new Evidence("environment", "pr-12")),
        core.stranger(to("pr-12", said(Shipper.GITHUB, "acme/money"))));
  }

  @Test
  void whatIsNobodysIsDecidedOnWithTheNameThatIsToBeWritten() {
    Shipment strange = said(Shipper.GITHUB, "acme/other");
    assertEquals(Optional.of(new Evidence("github", "acme/other")), core.stranger(strange));
    scene.send(new Event.ShipmentReceived(strange));
    Fact.Decided decided = (Fact.Decided) scene.lastFacts().getFirst();
    assertEquals(Reason.RELEASE_OF_NO_SERVICE, decided.reason());
    assertTrue(decided.toString().contains("acme/other"), decided::toString);
  }

  // ---- that it is one

  @Test
  void aRedeliveryChangesNothing() {
    Shipment shipment = said(Shipper.ARGOCD, "cart");
    scene.send(new Event.ShipmentReceived(shipment));
    assertEquals(1, releases("cart").size());
    scene.pass("30S").send(new Event.ShipmentReceived(shipment));
    assertEquals(List.of(), scene.lastFacts());
  }

  @Test
  void theEndJoinsTheBeginningInAnyOrder() {
    Release begun = release("1", "cart", scene.now, Optional.empty());
    Instant later = scene.now.plusSeconds(90);
    Release ended = release("1", "cart", later, Optional.of(later));
    scene.send(new Event.ShipmentReceived(of(Shipper.GITHUB, "cart", ended)));
    scene.send(new Event.ShipmentReceived(of(Shipper.GITHUB, "cart", begun)));
    Release whole = releases("cart").getFirst();
    assertEquals(begun.startedAt(), whole.startedAt());
    assertEquals(Optional.of(later), whole.finishedAt());
  }

  @Test
  void whatOnlyConfirmsEndsWhatIsUnderWayOnceAndBeginsNothing() {
    Shipment begun = of(Shipper.FLUX, "cart", release("1", "flux", scene.now, Optional.empty()));
    scene.send(confirmation("1"));
    assertEquals(List.of(), scene.lastFacts());
    scene.send(new Event.ShipmentReceived(begun)).pass("40S").send(confirmation("1"));
    Instant ended = scene.now;
    assertEquals(Optional.of(ended), releases("cart").getFirst().finishedAt());
    scene.pass(Duration.ofMinutes(10)).send(confirmation("1"));
    assertEquals(List.of(), scene.lastFacts());
    assertEquals(Optional.of(ended), releases("cart").getFirst().finishedAt());
  }

  @Test
  void aConfirmationThatIsNobodysIsNotWrittenDownAgainAndAgain() {
    Release held = release("1", "flux", scene.now, Optional.of(scene.now));
    Shipment strange = of(Shipper.FLUX, "kustomization/a/b", held);
    scene.send(new Event.ShipmentReceived(confirming(strange)));
    assertEquals(List.of(), scene.lastFacts());
  }

  @Test
  void severalToolsThatShipOneVersionShipOneRelease() {
    scene.send(new Event.ShipmentReceived(said(Shipper.ARGOCD, "cart")));
    scene.pass("20S").send(new Event.ShipmentReceived(said(Shipper.FLUX, "cart")));
    assertEquals(1, releases("cart").size());
  }

  @Test
  void whatConcernsSeveralServicesIsAReleaseOfEach() {
    scene.send(new Event.ShipmentReceived(said(Shipper.GITHUB, "acme/money")));
    assertEquals(1, releases("pay").size());
    assertEquals(1, releases("pay-staging").size());
  }

  private static Service service(String name, Workload workload, Map<Shipper, String> announced) {
    return new Service(
        name,
        Optional.of(workload),
        List.of(),
        List.of(),
        List.of(),
        Limits.DEFAULT,
        Service.DEFAULT_SOAK,
        Measuring.DEFAULT,
        announced);
  }

  private Event confirmation(String id) {
    return new Event.ShipmentReceived(
        confirming(
            of(Shipper.FLUX, "cart", release(id, "flux", scene.now, Optional.of(scene.now)))));
  }

  private static Shipment confirming(Shipment said) {
    return new Shipment(
        said.by(),
        said.thing(),
        said.name(),
        said.namespace(),
        said.cluster(),
        said.workloads(),
        true,
        said.release());
  }

  private static Shipment with(Shipment said, Optional<String> namespace, Set<Workload> workloads) {
    return new Shipment(
        said.by(),
        said.thing(),
        said.name(),
        namespace,
        said.cluster(),
        workloads,
        false,
        said.release());
  }

  private static Shipment in(String cluster, Shipment said) {
    return new Shipment(
        said.by(),
        said.thing(),
        said.name(),
        said.namespace(),
        Optional.of(cluster),
        said.workloads(),
        false,
        said.release());
  }

  private static Shipment to(String environment, Shipment said) {
    Release release = said.release();
    return of(
        said.by(),
        said.thing(),
        new Release(
            release.id(),
            release.source(),
            release.service(),
            environment,
            release.change(),
            release.version(),
            release.image(),
            release.startedAt(),
            release.finishedAt(),
            release.actor()));
  }

  private Shipment said(Shipper by, String thing) {
    return of(by, thing, release("1", by.key(), scene.now, Optional.empty()));
  }

  private static Shipment of(Shipper by, String thing, Release release) {
    return new Shipment(
        by, thing, thing, Optional.empty(), Optional.empty(), Set.of(), false, release);
  }

  private static Release release(
      String id, String source, Instant at, Optional<Instant> finishedAt) {
    return new Release(
        id,
        source,
        "the thing",
        "",
        Release.Change.DEPLOYED,
        Optional.of("v1.2.4"),
        Optional.empty(),
        at,
        finishedAt,
        Optional.empty());
  }

  private List<String> meant(Shipment shipment) {
    Scene fresh = new Scene(core);
    fresh.send(new Event.ShipmentReceived(shipment));
    return fresh.lastFacts().stream()
        .filter(Fact.ReleaseRecorded.class::isInstance)
        .map(fact -> ((Fact.ReleaseRecorded) fact).service())
        .toList();
  }

  private void assertMeant(Shipment shipment, String... services) {
    assertEquals(Set.of(services), Set.copyOf(meant(shipment)));
    assertEquals(services.length == 0, core.stranger(shipment).isPresent());
  }

  private List<Release> releases(String service) {
    return List.copyOf(scene.state().service(service).orElseThrow().releases());
  }
}

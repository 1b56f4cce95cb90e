package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.core.access.Access;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Rollout;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Narrowing;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.WorkloadSelector;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterUnavailable;
import dev.belay.port.Inbox;
import dev.belay.port.InboxFull;
import dev.belay.port.WorkloadWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkloadLookoutTest {
  private static final Duration OFTEN = Duration.ofMillis(10);
  private static final Duration NEVER = Duration.ofHours(1);

  /** In so many everything has its turn. */
  private static final int ROUNDS = 20;

  private static final Instant THEN = Instant.parse("2026-11-24T10:00:00Z");

  private static final Place SHOP = new Place("deployment", Optional.of("shop"));

  private static final Workload ROLLOUT = new Workload("rollout", "shop", "app");

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final BlockingQueue<Event.FleetSeen> found = new LinkedBlockingQueue<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final Inbox inbox =
      event -> {
        if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          CompletableFuture<@Nullable Void> full = new CompletableFuture<>();
          full.completeExceptionally(new InboxFull("the mailbox is full"));
          return full;
        }
        if (event instanceof Event.WorkloadSeen(var service, _)) {
          seen.add(service);
        } else if (event instanceof Event.FleetSeen fleet) {
          found.add(fleet);
        }
        return CompletableFuture.completedFuture(null);
      };
  private final State state = new State();
  private final StateQueries queries = new StateQueries(state);

  @Test
  void looksWhereTheClusterSaysThatSomethingChanged() throws InterruptedException {
    Known cluster = new Known();
    try (WorkloadLookout lookout = lookout(cluster, "good")) {
      lookout.start(NEVER);
      cluster.changed.accept(workload("good"));
      assertEquals("good", next());
    }
  }

  /** What was seen was lost until the workload's own turn came, twenty rounds later at worst. */
  @Test
  void whatCouldNotBeTakenInIsSeenAgainInTheNextRound() throws InterruptedException {
    Known cluster = new Known();
    // Its own turn is far off when the first round is over.
    String late =
        IntStream.range(0, 1_000)
            .mapToObj(number -> "s" + number)
            .filter(name -> Math.floorMod(workload(name).hashCode(), ROUNDS) == ROUNDS - 1)
            .findFirst()
            .orElseThrow();
    rest(late);
    try (WorkloadLookout lookout = lookout(cluster, late)) {
      refusals.set(1);
      lookout.start(Duration.ofSeconds(1));
      cluster.changed.accept(workload(late));
      assertEquals(late, next());
    }
  }

  @Test
  void aSearchThatCouldNotBeTakenInIsMadeAgainInTheNextRound() throws InterruptedException {
    Known cluster = new Known();
    try (WorkloadLookout lookout =
        new WorkloadLookout(List.of(), List.of(fleet()), cluster, inbox, queries)) {
      refusals.set(1);
      lookout.start(Duration.ofSeconds(1));
      Event.FleetSeen first = found.poll(10, TimeUnit.SECONDS);
      Event.FleetSeen second = found.poll(10, TimeUnit.SECONDS);
      assertEquals(
          Set.of(SHOP, new Place("deployment", Optional.of("pay"))),
          Stream.of(first, second)
              .map(each -> Objects.requireNonNull(each).place())
              .collect(Collectors.toSet()));
    }
  }

  @Test
  void looksEveryRoundWhereTheClusterTellsNothing() throws InterruptedException {
    Known cluster = new Known();
    cluster.watches = false;
    rest("good");
    try (WorkloadLookout lookout = lookout(cluster, "good")) {
      lookout.start(OFTEN);
      next();
      next();
    }
  }

  @Test
  void looksEveryRoundWhereTheWatchIsBroken() throws InterruptedException {
    Known cluster = new Known();
    cluster.trouble = Optional.of("it fails");
    rest("good");
    try (WorkloadLookout lookout = lookout(cluster, "good")) {
      lookout.start(OFTEN);
      next();
      next();
      assertEquals(Optional.of("it fails"), lookout.trouble());
    }
  }

  @Test
  void whereTheWatchIsBrokenForOneKindOnlyItsServicesAreLookedAtEveryRound()
      throws InterruptedException {
    Known cluster = new Known();
    cluster.trouble = Optional.of("no right to list rollouts");
    cluster.missed = place -> place.kind().equals("rollout");
    rest("quiet");
    rest("rolled");
    try (WorkloadLookout lookout = ofTwoKinds(cluster)) {
      lookout.start(Duration.ofMillis(400));
      assertEquals("rolled", next());
      assertEquals("rolled", next());
      assertEquals("rolled", next());
    }
  }

  @Test
  void aKindThatMayNotBeLookedAtIsSaidUntilItMayAndIsNoSilence() throws InterruptedException {
    Known cluster = new Known();
    cluster.refused = "rollout";
    try (WorkloadLookout lookout = ofTwoKinds(cluster)) {
      lookout.start(NEVER);
      Optional<String> said =
          Optional.of("the rollouts of shop cannot be looked at: rollouts: cannot get; grant it");
      Eventually.holds("it is said", Duration.ofSeconds(10), () -> lookout.trouble().equals(said));
      assertEquals("quiet", next());
      cluster.changed.accept(workload("quiet"));
      assertEquals("quiet", next());
      assertEquals(said, lookout.trouble(), "that others are looked at changes nothing");
      assertEquals(Optional.empty(), lookout.silence());
      cluster.refused = "";
      cluster.changed.accept(ROLLOUT);
      assertEquals("rolled", next());
      assertEquals(Optional.empty(), lookout.trouble());
    }
  }

  @Test
  void thatAWorkloadMayNotBeLookedAtIsNotSaidOnceNobodyLooksAtIt() {
    Known cluster = new Known();
    cluster.refused = "rollout";
    try (WorkloadLookout lookout = ofTwoKinds(cluster)) {
      lookout.start(NEVER);
      cluster.changed.accept(ROLLOUT);
      Eventually.holds(
          "it is said",
          Duration.ofSeconds(10),
          () -> lookout.trouble().filter(it -> it.contains("rollouts of shop")).isPresent());
      lookout.follow(List.of(service("quiet")));
      assertEquals(Optional.empty(), lookout.trouble());
    }
  }

  private WorkloadLookout ofTwoKinds(Cluster cluster) {
    return new WorkloadLookout(
        List.of(service("quiet"), service("rolled", ROLLOUT)), List.of(), cluster, inbox, queries);
  }

  @Test
  void whereTheWatchIsBrokenForOnePlaceOnlyThatIsSearchedEveryRound() throws InterruptedException {
    Known cluster = new Known();
    cluster.trouble = Optional.of("it fails");
    cluster.missed = SHOP::equals;
    try (WorkloadLookout lookout =
        new WorkloadLookout(List.of(), List.of(fleet()), cluster, inbox, queries)) {
      lookout.start(OFTEN);
      for (String place : List.of("pay", "shop", "shop", "shop", "shop")) {
        Event.FleetSeen event = Objects.requireNonNull(found.poll(10, TimeUnit.SECONDS));
        assertEquals(Optional.of(place), event.place().namespace());
      }
    }
  }

  @Test
  void looksAgainAndAgainAtWhatIsNotAtRest() throws InterruptedException {
    Known cluster = new Known();
    rest("quiet");
    try (WorkloadLookout lookout = lookout(cluster, "quiet", "restless")) {
      lookout.start(Duration.ofMillis(400));
      assertEquals("restless", next());
      assertEquals("restless", next());
    }
  }

  @Test
  void looksNowAndThenAtWhatIsAtRest() throws InterruptedException {
    rest("quiet");
    try (WorkloadLookout lookout = lookout(new Known(), "quiet")) {
      lookout.start(OFTEN);
      assertEquals("quiet", next());
    }
  }

  @Test
  void manyThatAreDueInOnePlaceAreLookedAtInOneGoAndTheRestOneByOne() throws InterruptedException {
    Set<Workload> alone = ConcurrentHashMap.newKeySet();
    CountDownLatch everyOneIsDue = new CountDownLatch(1);
    Known cluster =
        new Known() {
          @Override
          public Observation observe(Target target) {
            alone.add(((Target.OfWorkload) target).workload());
            awaited(everyOneIsDue);
            return super.observe(target);
          }

          @Override
          public Map<Workload, Observation> observe(Place place, Set<Workload> workloads) {
            return workloads.stream()
                .filter(workload -> !workload.name().equals("app-7"))
                .collect(Collectors.toMap(it -> it, Known::nothingOf));
          }
        };
    List<Service> many = apps(200);
    many.forEach(service -> rest(service.name()));
    try (WorkloadLookout lookout = new WorkloadLookout(many, List.of(), cluster, inbox, queries)) {
      lookout.start(NEVER);
      Set<String> heard = new HashSet<>();
      cluster.watchAll(many);
      everyOneIsDue.countDown();
      while (heard.size() < many.size()) {
        heard.add(next());
      }
      assertTrue(alone.contains(new Workload("deployment", "shop", "app-7")));
      assertTrue(alone.size() < 50, () -> "alone: " + alone.size());
    }
  }

  private static boolean hasTheFirstTurn(Service service) {
    return Math.floorMod(service.workload().orElseThrow().hashCode(), ROUNDS) == 0;
  }

  @Test
  void whatWasSeenBeforeALookThatBeganLaterIsNotTold() throws InterruptedException {
    Workload first = new Workload("deployment", "shop", "app-0");
    BlockingQueue<Set<Workload>> held = new LinkedBlockingQueue<>();
    CountDownLatch goesOn = new CountDownLatch(1);
    AtomicBoolean isHeld = new AtomicBoolean();
    Known cluster =
        new Known() {
          @Override
          public Map<Workload, Observation> observe(Place place, Set<Workload> workloads) {
            boolean holds = workloads.contains(first) && isHeld.compareAndSet(false, true);
            if (holds) {
              held.add(Set.copyOf(workloads));
              awaited(goesOn);
            }
            return workloads.stream()
                .collect(
                    Collectors.toMap(it -> it, it -> withDigest(it, holds ? "older" : "digest")));
          }
        };
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    Inbox tells =
        event -> {
          if (event instanceof Event.WorkloadSeen(String service, Observation.OfWorkload seen)) {
            told.add(service + " " + seen.digest());
          }
          return CompletableFuture.completedFuture(null);
        };
    List<Service> many = apps(60);
    many.forEach(service -> rest(service.name()));
    try (WorkloadLookout lookout = new WorkloadLookout(many, List.of(), cluster, tells, queries)) {
      lookout.start(NEVER);
      // The first round looks at those whose turn it is, and not again at one of the crowd.
      for (long turns = many.stream().filter(WorkloadLookoutTest::hasTheFirstTurn).count();
          turns > 0;
          turns--) {
        told(told);
      }
      Optional<Set<Workload>> crowd = Optional.empty();
      // Whether it is looked at in a crowd or alone is up to the threads.
      while (crowd.isEmpty()) {
        cluster.watchAll(many);
        crowd = Optional.ofNullable(held.poll(1_500, TimeUnit.MILLISECONDS));
      }
      told.clear();
      cluster.changed.accept(first);
      while (!told(told).startsWith("app-0 ")) {
        // Others may be told of by others.
      }
      goesOn.countDown();
      Set<String> expected =
          crowd.get().stream().map(it -> it.name() + " older").collect(Collectors.toSet());
      expected.remove("app-0 older");
      // A breath later it is told of again; by then the crowd has told what it would.
      cluster.changed.accept(first);
      expected.add("app-0 digest");
      while (!expected.isEmpty()) {
        String next = told(told);
        assertNotEquals("app-0 older", next);
        expected.remove(next);
      }
    }
  }

  @Test
  void whatKeepsChangingWhileLooksAreSlowIsToldAllTheSame() throws InterruptedException {
    BlockingQueue<CountDownLatch> looks = new LinkedBlockingQueue<>();
    Known cluster =
        new Known() {
          @Override
          public Observation observe(Target target) {
            CountDownLatch answered = new CountDownLatch(1);
            looks.add(answered);
            awaited(answered);
            return super.observe(target);
          }
        };
    rest("good");
    try (WorkloadLookout lookout = lookout(cluster, "good")) {
      lookout.start(NEVER);
      cluster.changed.accept(workload("good"));
      CountDownLatch look = begun(looks);
      for (int i = 0; i < 2; i++) {
        cluster.changed.accept(workload("good"));
        CountDownLatch later = begun(looks);
        look.countDown();
        assertEquals("good", next());
        look = later;
      }
      look.countDown();
    }
  }

  private static CountDownLatch begun(BlockingQueue<CountDownLatch> looks)
      throws InterruptedException {
    return Objects.requireNonNull(looks.poll(10, TimeUnit.SECONDS), "no look began");
  }

  private static String told(BlockingQueue<String> told) throws InterruptedException {
    return Objects.requireNonNull(told.poll(10, TimeUnit.SECONDS), "nothing was told");
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatCannotBeSeenInOneGoIsLookedAtOneByOne() throws InterruptedException {
    Known cluster =
        new Known() {
          @Override
          public Map<Workload, Observation> observe(Place place, Set<Workload> workloads) {
            throw new ClusterUnavailable("no list today");
          }
        };
    List<Service> many = apps(100);
    try (WorkloadLookout lookout = new WorkloadLookout(many, List.of(), cluster, inbox, queries)) {
      lookout.start(NEVER);
      cluster.watchAll(many);
      Set<String> heard = new HashSet<>();
      while (heard.size() < many.size()) {
        heard.add(next());
      }
    }
  }

  @Test
  void whatFailsForOneWorkloadGoesOnForTheOthers() throws InterruptedException {
    Known cluster =
        new Known() {
          @Override
          public Observation observe(Target target) {
            if (target.toString().contains("bad")) {
              throw new IllegalStateException("a bug");
            }
            return super.observe(target);
          }
        };
    try (WorkloadLookout lookout = lookout(cluster, "bad", "good")) {
      lookout.start(OFTEN);
      assertEquals("good", next());
      assertEquals("good", next());
    }
  }

  @Test
  void aClusterThatIsSilentIsSaidToBe() throws InterruptedException {
    Known cluster = new Known();
    cluster.silent = true;
    try (WorkloadLookout lookout = lookout(cluster, "good")) {
      lookout.start(OFTEN);
      assertNotEquals(Optional.empty(), lookout.trouble());
      cluster.silent = false;
      next();
      assertEquals(Optional.empty(), lookout.trouble());
    }
  }

  @Test
  void looksForAFleetsWorkloadsPlaceByPlaceAndSaysWhichCannotBeSearched()
      throws InterruptedException {
    Known cluster = new Known();
    cluster.closed = "pay";
    try (WorkloadLookout lookout =
        new WorkloadLookout(List.of(), List.of(fleet()), cluster, inbox, queries)) {
      lookout.start(OFTEN);
      Event.FleetSeen event = found.poll(10, TimeUnit.SECONDS);
      assertEquals(new Event.FleetSeen("shops", SHOP, Set.of(workload("shop"))), event);
      Event.FleetSeen again = found.poll(10, TimeUnit.SECONDS);
      assertEquals(event, again, "what cannot be searched is said nothing of");
      String trouble = lookout.trouble().orElseThrow();
      assertTrue(trouble.contains("deployments of pay") && trouble.contains("no right"), trouble);
    }
  }

  @Test
  void thatOneFleetFindsAPlaceOpenIsNoWordOfAnotherThatDoesNot() throws InterruptedException {
    WorkloadSelector wide =
        new WorkloadSelector(List.of("deployment"), List.of("shop"), List.of("pay"), List.of());
    Known cluster =
        new Known() {
          @Override
          public Set<Workload> find(WorkloadSelector selector, Place place) {
            if (selector.equals(wide)) {
              throw new ClusterUnavailable("too many are found");
            }
            return super.find(selector, place);
          }
        };
    try (WorkloadLookout lookout =
        new WorkloadLookout(
            List.of(),
            List.of(new Fleet("wide", wide, service("shop")), fleet()),
            cluster,
            inbox,
            queries)) {
      lookout.start(OFTEN);
      for (int i = 0; i < 4; i++) {
        assertEquals("shops", Objects.requireNonNull(found.poll(10, TimeUnit.SECONDS)).fleet());
        String trouble = lookout.trouble().orElse("none");
        assertTrue(trouble.contains("the fleet wide: too many are found"), trouble);
      }
    }
  }

  @Test
  void aWorkloadThatNobodyKnowsIsLookedForAtTheNextRound() throws InterruptedException {
    Known cluster = new Known();
    try (WorkloadLookout lookout =
        new WorkloadLookout(List.of(), List.of(fleet()), cluster, inbox, queries)) {
      lookout.start(Duration.ofMillis(200));
      assertTrue(found.poll(10, TimeUnit.SECONDS) != null);
      assertTrue(found.poll(10, TimeUnit.SECONDS) != null);
      cluster.changed.accept(workload("shop"));
      // Far sooner than the twenty rounds after which it is done in any case.
      assertTrue(found.poll(2, TimeUnit.SECONDS) != null);
    }
  }

  @Test
  void servicesThatComeAreLookedAtAndThoseThatGoAreNot() throws InterruptedException {
    Known cluster = new Known();
    try (WorkloadLookout lookout =
        new WorkloadLookout(List.of(), List.of(fleet()), cluster, inbox, queries)) {
      lookout.start(NEVER);
      lookout.follow(List.of(service("shop")));
      assertEquals("shop", next());
      lookout.follow(List.of(service("pay")));
      assertEquals("pay", next());
      cluster.changed.accept(workload("shop"));
      cluster.changed.accept(workload("pay"));
      assertEquals("pay", next());
      assertEquals(List.of(), List.copyOf(seen));
    }
  }

  @Test
  void aWorkloadThatIsGoneHasItsFleetSearchedAtTheNextRound() throws InterruptedException {
    Known cluster = new Known();
    cluster.gone = true;
    try (WorkloadLookout lookout =
        new WorkloadLookout(List.of(service("shop")), List.of(fleet()), cluster, inbox, queries)) {
      lookout.start(Duration.ofMillis(400));
      // The first round's own, in each of its places.
      assertTrue(found.poll(10, TimeUnit.SECONDS) != null);
      assertTrue(found.poll(10, TimeUnit.SECONDS) != null);
      cluster.changed.accept(workload("shop"));
      // Far sooner than the twenty rounds after which it is done in any case.
      assertTrue(found.poll(3, TimeUnit.SECONDS) != null);
    }
  }

  private static Fleet fleet() {
    return new Fleet(
        "shops",
        new WorkloadSelector(List.of("deployment"), List.of("pay", "shop"), List.of(), List.of()),
        service("shop"));
  }

  @Test
  void aBrokenWatchIsNoSilenceOfTheCluster() {
    Known cluster = new Known();
    cluster.trouble = Optional.of("it fails");
    try (WorkloadLookout lookout = lookout(cluster, "good")) {
      lookout.start(NEVER);
      assertEquals(Optional.empty(), lookout.silence());
    }
  }

  @Test
  void aBrokenWatchIsASilenceWhereLooksAreNotAnsweredEither() {
    Known cluster = new Known();
    cluster.trouble = Optional.of("it fails");
    cluster.failure = Optional.of(new ClusterUnavailable("no answer"));
    try (WorkloadLookout lookout = lookout(cluster, "good")) {
      lookout.start(NEVER);
      assertTrue(lookout.silence().filter(why -> why.contains("no answer")).isPresent());
      cluster.failure = Optional.empty();
      assertEquals(Optional.empty(), lookout.silence(), "looks go on without a watch");
    }
  }

  @Test
  void whereFleetsHaveYetToFindAServiceTheClusterIsSearchedForASignOfLife() {
    Known cluster = new Known();
    try (WorkloadLookout lookout =
        new WorkloadLookout(List.of(), List.of(fleet()), cluster, inbox, queries)) {
      assertEquals(Optional.empty(), lookout.silence());
      cluster.failure = Optional.of(new ClusterUnavailable("no answer"));
      assertTrue(lookout.silence().filter(why -> why.contains("no answer")).isPresent());
    }
  }

  @Test
  void aClusterThatRefusesAnAnswerIsNotSilent() {
    Known cluster = new Known();
    cluster.failure =
        Optional.of(ClusterUnavailable.refusing("forbidden", new IllegalStateException()));
    try (WorkloadLookout lookout = lookout(cluster, "good")) {
      lookout.start(NEVER);
      assertEquals(Optional.empty(), lookout.silence());
    }
  }

  @Test
  void thatTheClusterAnsweredOnceIsNoSignOfLifeLater() {
    Known cluster = new Known();
    rest("good");
    try (WorkloadLookout lookout = lookout(cluster, "good")) {
      assertEquals(Optional.empty(), lookout.silence(), "it is asked where nothing needs a look");
      cluster.failure = Optional.of(new ClusterUnavailable("no answer"));
      assertNotEquals(Optional.empty(), lookout.silence());
    }
  }

  private WorkloadLookout lookout(Cluster cluster, String... services) {
    return new WorkloadLookout(
        List.of(services).stream().map(WorkloadLookoutTest::service).toList(),
        List.of(),
        cluster,
        inbox,
        queries);
  }

  private String next() throws InterruptedException {
    String service = seen.poll(10, TimeUnit.SECONDS);
    assertTrue(service != null, "nothing was looked at");
    return service;
  }

  /** The service's revision is rolled out and known good. */
  private void rest(String service) {
    Revision revision =
        new Revision("uid", 1, "digest", List.of("app:1"), THEN, 1, Optional.empty());
    state.apply(new Fact.RevisionRan(service, revision, THEN, Optional.of(THEN)));
    state.apply(new Fact.RevisionJudged(service, "digest", true, Reason.KNOWN_GOOD, THEN));
  }

  /** Services of one place, each by the name of its workload. */
  private static List<Service> apps(int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> "app-" + number)
        .map(name -> service(name, new Workload("deployment", "shop", name)))
        .toList();
  }

  private static Workload workload(String service) {
    return new Workload("deployment", service, "app");
  }

  private static Service service(String name) {
    return service(name, workload(name));
  }

  private static Service service(String name, Workload workload) {
    return new Service(
        name,
        Optional.of(workload),
        List.of(),
        List.of(),
        List.of(),
        Limits.DEFAULT,
        Duration.ofMinutes(10));
  }

  /** A cluster that knows every workload, and nothing of it. */
  private static class Known implements Cluster {
    boolean watches = true;
    Optional<String> trouble = Optional.empty();
    Predicate<Place> missed = _ -> trouble.isPresent();
    volatile String refused = "";
    volatile boolean silent;
    volatile boolean gone;
    volatile String closed = "";
    volatile Optional<ClusterUnavailable> failure = Optional.empty();
    Consumer<Workload> changed = _ -> {};

    @Override
    public boolean allows(Access access) {
      return true;
    }

    @Override
    public Optional<WorkloadWatch> watch(
        Set<Workload> workloads, List<WorkloadSelector> selectors, Consumer<Workload> to) {
      changed = to;
      return watches ? Optional.of(new Watch()) : Optional.empty();
    }

    private final class Watch implements WorkloadWatch {
      @Override
      public Optional<String> trouble() {
        return trouble;
      }

      @Override
      public boolean misses(Place place) {
        return missed.test(place);
      }

      @Override
      public void close() {
        changed = _ -> {};
      }
    }

    @Override
    public Observation observe(Target target) {
      if (silent) {
        throw new ClusterUnavailable("no answer");
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
      if (((Target.OfWorkload) target).workload().kind().equals(refused)) {
        throw ClusterUnavailable.refusing(
            refused + "s: cannot get; grant it", new IllegalStateException());
      }
      Workload workload = ((Target.OfWorkload) target).workload();
      return gone ? new Observation.Missing(workload.toString()) : nothingOf(workload);
    }

    void watchAll(List<Service> services) {
      services.forEach(service -> changed.accept(service.workload().orElseThrow()));
    }

    static Observation nothingOf(Workload workload) {
      return withDigest(workload, "digest");
    }

    static Observation withDigest(Workload workload, String digest) {
      return new Observation.OfWorkload(
          workload,
          "uid",
          1,
          false,
          Rollout.done(""),
          digest,
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Narrowing.NONE,
          Map.of());
    }

    @Override
    public Set<Workload> find(WorkloadSelector selector, Place place) {
      String namespace = place.namespace().orElseThrow();
      if (failure.isPresent()) {
        throw failure.get();
      }
      if (namespace.equals(closed)) {
        throw new ClusterUnavailable("no right to list");
      }
      return Set.of(WorkloadLookoutTest.workload(namespace));
    }

    @Override
    public Preflight preflight(ActionId id, Plan plan) {
      throw new AssertionError("the lookout only looks");
    }

    @Override
    public Outcome apply(ActionId id, Plan plan) {
      throw new AssertionError("the lookout only looks");
    }

    @Override
    public Inspection inspect(ActionId id, Plan plan) {
      throw new AssertionError("the lookout only looks");
    }

    @Override
    public Settlement settle(ActionId id, Plan plan) {
      throw new AssertionError("the lookout only looks");
    }
  }
}

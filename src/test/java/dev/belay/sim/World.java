package dev.belay.sim;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Command;
import dev.belay.core.engine.Core;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Reading;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Narrowing;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.Service;
import dev.belay.port.ClusterUnavailable;
import dev.belay.sandbox.ControlPlane;
import dev.belay.sandbox.Faults;
import dev.belay.sandbox.ImageBehavior;
import dev.belay.sandbox.Kubectl;
import dev.belay.sandbox.MemoryCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Everything around the daemon: the cluster, what breaks in it, who ships, who watches. */
final class World implements Faults {
  private static final Duration SEARCH = Duration.ofSeconds(45);
  private static final Duration LOOK = Duration.ofSeconds(15);
  private static final Duration SLACK = Duration.ofSeconds(60);
  private static final Duration RESOLVED_SENT = Duration.ofMinutes(15);

  /** Who announces releases by the input. */
  static final String BY_INPUT = "ci-by-input";

  private static final String FLAG = "ANALYTICS";

  /** By which people are told; they answer to the last. */
  static final List<String> CHANNELS = List.of("pager", "wall");

  /**
   * A change of a template that was no rollback.
   *
   * @param startedAt when the release event says that it began; empty where it was not announced
   */
  record Deploy(Instant at, String digest, Optional<Instant> startedAt) {}

  /** One alert's sender. */
  private static final class Source {
    Optional<Instant> activeAt = Optional.empty();
    boolean firing;
    Instant startsAt = Loop.START;
    Instant sentAt = Loop.START;
    Instant endsAt = Instant.EPOCH;
  }

  private static final class Shop {
    final Service rule;
    final Map<String, Source> sources = new TreeMap<>();
    final Map<String, Instant> breaksUntil = new TreeMap<>();
    final List<Deploy> deploys = new ArrayList<>();

    /** What people returned to by hand. */
    final Set<String> undone = new HashSet<>();

    final Map<String, Duration> seenWell = new TreeMap<>();
    final Set<String> proven = new TreeSet<>();
    Instant watched = Loop.START;
    boolean watchedWell;
    String digest = "";
    Instant since = Loop.START;
    boolean errors;
    boolean flagsTouched;
    Instant blindUntil = Loop.START;
    Instant unreadUntil = Loop.START;

    Shop(Service rule) {
      this.rule = rule;
      List.of("DiskFull", "Errors", "Latency").forEach(name -> sources.put(name, new Source()));
    }

    String name() {
      return rule.name();
    }

    String namespace() {
      return rule.workload().orElseThrow().namespace();
    }

    /** Whether a fleet finds it. */
    boolean found() {
      return rule.workload().filter(Swarm.FOUND::equals).isPresent();
    }
  }

  private static final Duration WATCHDOG = Duration.ofMinutes(1);
  private static final Duration SIGN = Duration.ofSeconds(30);

  private final Loop loop;
  private final Dice dice;
  private final Swarm swarm;
  private final Bug bug;
  private final Coverage coverage;
  private final ControlPlane plane;
  private final Kubectl people;
  private final MemoryCluster cluster;
  private final MemoryCluster truth;
  private final Map<String, Shop> shops = new TreeMap<>();
  private final Map<String, Channel> channels = new TreeMap<>();
  private final Oracle oracle;
  private final Node node;
  private final Input input;

  /** Until when no alert gets through, no watchdog does, and the cluster gives no answer. */
  private Instant cutUntil = Loop.START;

  private Instant unwatchedUntil = Loop.START;
  private Instant awayUntil = Loop.START;
  private boolean calm;
  private int images;
  private int effects;

  World(Loop loop, Dice dice, Swarm swarm, Bug bug, Coverage coverage) {
    this.loop = loop;
    this.dice = dice;
    this.swarm = swarm;
    this.bug = bug;
    this.coverage = coverage;
    plane = new ControlPlane(loop, ImageBehavior.BY_TAG);
    people = new Kubectl(plane);
    cluster = new MemoryCluster(plane, this);
    truth = new MemoryCluster(plane, Faults.NONE);
    CHANNELS.forEach(name -> channels.put(name, new Channel(name, dice.branch())));
    oracle = new Oracle(loop, swarm, this);
    node =
        new Node(
            new Core(swarm.rules(), swarm.settings(), "simulated", CHANNELS),
            loop,
            dice.branch(),
            swarm,
            bug,
            outside(),
            coverage);
    input = new Input(dice.branch(), node, oracle, coverage, bug);
  }

  Node node() {
    return node;
  }

  private Node.Outside outside() {
    return new Node.Outside() {
      @Override
      public void carryOut(Command command, int epoch) {
        World.this.carryOut(command, epoch);
      }

      @Override
      public void released(Command command) {
        loop.note("command " + command);
        oracle.released(command);
      }

      @Override
      public void taken(Event event) {
        oracle.taken(event);
      }

      @Override
      public void durable(List<Fact> facts) {
        facts.forEach(
            fact -> {
              loop.note("fact " + fact);
              coverage.fact(fact);
              oracle.durable(fact);
            });
      }

      @Override
      public void recovered(State state) {
        loop.note("recovered");
        shops.values().forEach(shop -> shop.seenWell.clear());
        oracle.restarted();
        oracle.recovered(state);
      }
    };
  }

  // ---- the run

  void begin() {
    for (Service service : swarm.services()) {
      Shop shop = new Shop(service);
      shops.put(service.name(), shop);
      people.createDeployment(shop.namespace(), "app", 2, "app", "shop:v0");
      people.createConfigMap(
          shop.namespace(), "flags", Map.of(FLAG, "true", "BETA", "true"), false);
      shop.deploys.add(new Deploy(loop.instant(), digest(shop), Optional.empty()));
      every(LOOK, () -> watch(shop));
      again(480, 2_400, () -> ship(shop));
      again(600, 3_000, () -> breakSomething(shop));
      again(120, 900, () -> meddle(shop));
      again(60, 900, () -> goBlind(shop));
      if (shop.found()) {
        again(900, 3_600, () -> goAway(shop));
      }
    }
    swarm.rules().fleets().forEach(fleet -> every(SEARCH, () -> search(fleet)));
    if (swarm.input() > 0) {
      every(Input.POLL, input::poll);
      every(Input.COMMIT, input::commit);
      again(60, 900, input::poison);
      again(300, 1_800, input::rebalance);
    }
    if (swarm.silence() > 0) {
      every(WATCHDOG, this::watchdog);
      every(SIGN, this::sign);
      again(600, 4_800, this::silence);
    }
    again(1_200, 5_400, this::hold);
    again(1_800, 7_200, this::fillDisk);
    again(600, 3_600, this::channelGoesDown);
    node.start();
  }

  /** No more faults, nobody meddles, and what is broken is mended by hand. */
  void calm() {
    calm = true;
    node.calm();
    node.disk().full(false);
    loop.note("CALM");
    cutUntil = Loop.START;
    unwatchedUntil = Loop.START;
    awayUntil = Loop.START;
    person(new Event.HoldEnded("ann"));
    for (Shop shop : shops.values()) {
      shop.breaksUntil.clear();
      shop.blindUntil = Loop.START;
      shop.unreadUntil = Loop.START;
      if (present(shop).isEmpty()) {
        people.createDeployment(shop.namespace(), "app", 2, "app", "shop:v-calm");
      }
      people.annotate(shop.namespace(), "app", Narrowing.MODE, "act");
      people.annotate(shop.namespace(), "app", Narrowing.HOLD, "false");
      people.resume(shop.namespace(), "app");
      people.setImage(shop.namespace(), "app", "app", "shop:v-calm");
      shop.deploys.add(new Deploy(loop.instant(), digest(shop), Optional.empty()));
    }
  }

  private void every(Duration pause, Runnable work) {
    loop.in(
        Duration.ofMillis(dice.below((int) pause.toMillis())),
        new Runnable() {
          @Override
          public void run() {
            work.run();
            loop.in(pause, this);
          }
        });
  }

  /** Again and again, after pauses of so many seconds, until it is calm. */
  private void again(int least, int most, Runnable work) {
    loop.in(
        dice.seconds(least, most),
        () -> {
          if (!calm) {
            work.run();
            again(least, most, work);
          }
        });
  }

  /** Looks for effects since the last look. */
  private void audit() {
    if (bug == Bug.RESUME_WITHOUT_GUARDS) {
      return;
    }
    List<MemoryCluster.Effect> all = cluster.effects();
    for (; effects < all.size(); effects++) {
      effect(all.get(effects));
    }
  }

  private void effect(MemoryCluster.Effect effect) {
    coverage.count("effect " + effect.plan().kind());
    loop.note("EFFECT " + effect);
    oracle.effective(effect);
  }

  void atTheEnd() {
    oracle.atTheEnd(node.state(), input.records());
    for (Shop shop : shops.values()) {
      Optional<String> flag =
          people.configMap(shop.namespace(), "flags").map(values -> values.get(FLAG));
      if (!shop.flagsTouched && !flag.equals(Optional.of("true"))) {
        throw new Violation("the flag of " + shop.name() + " is never put back: " + flag);
      }
      if (people.labels(Swarm.manifest(shop.namespace())).isPresent()) {
        throw new Violation("the limit of " + shop.name() + " is never taken away");
      }
    }
  }

  // ---- what the oracle asks

  private Shop shop(String service) {
    return Objects.requireNonNull(shops.get(service), service);
  }

  Optional<Deploy> deploy(String service, String digest) {
    return shop(service).deploys.reversed().stream()
        .filter(deploy -> deploy.digest().equals(digest))
        .findFirst();
  }

  Deploy newestDeploy(String service, Instant at) {
    return shop(service).deploys.reversed().stream()
        .filter(deploy -> !deploy.at().isAfter(at))
        .findFirst()
        .orElseThrow();
  }

  /** Whether a person returned to that template by hand at any time. */
  boolean undone(String service, String digest) {
    return shop(service).undone.contains(digest);
  }

  boolean provenGood(String service, String digest) {
    return shop(service).proven.contains(digest);
  }

  // ---- who watches

  private Optional<Observation.OfWorkload> present(Shop shop) {
    return truth.workload(shop.rule.workload().orElseThrow());
  }

  private String digest(Shop shop) {
    return present(shop).map(Observation.OfWorkload::digest).orElse("");
  }

  private void watch(Shop shop) {
    Optional<Observation.OfWorkload> present = present(shop);
    Instant now = loop.instant();
    String digest = present.map(Observation.OfWorkload::digest).orElse("");
    if (!digest.equals(shop.digest)) {
      shop.digest = digest;
      shop.since = now;
    }
    prove(shop, digest, present.filter(Observation.OfWorkload::complete).isPresent());
    boolean bad =
        present
            .flatMap(Observation.OfWorkload::current)
            .filter(revision -> revision.images().getFirst().contains(":bad"))
            .isPresent();
    boolean errors = (bad && !now.isBefore(shop.since.plusSeconds(20))) || broken(shop, "Errors");
    if (errors && !shop.errors && !calm && dice.chance(swarm.blind())) {
      hang(shop);
    }
    shop.errors = errors;
    shop.sources.forEach(
        (name, source) ->
            evaluate(shop, name, source, name.equals("Errors") ? shop.errors : broken(shop, name)));
    look(shop);
    audit();
  }

  /** Only time in which the daemon was there, and could see, speaks for a revision. */
  private void prove(Shop shop, String digest, boolean complete) {
    Instant now = loop.instant();
    if (shop.watchedWell) {
      Duration well =
          shop.seenWell.merge(digest, Duration.between(shop.watched, now), Duration::plus);
      if (well.plus(SLACK).compareTo(shop.rule.soak()) >= 0) {
        shop.proven.add(digest);
      }
    }
    shop.watched = now;
    boolean blind = !shop.rule.triggers().isEmpty() && now.isBefore(shop.blindUntil);
    shop.watchedWell = complete && node.up() && !blind;
  }

  private boolean broken(Shop shop, String what) {
    return loop.instant().isBefore(shop.breaksUntil.getOrDefault(what, Loop.START));
  }

  private void look(Shop shop) {
    if (!node.up()) {
      return;
    }
    try {
      cluster
          .workload(shop.rule.workload().orElseThrow())
          .ifPresent(
              seen -> node.offer(new Event.WorkloadSeen(shop.name(), seen), () -> {}, () -> {}));
    } catch (ClusterUnavailable e) {
      coverage.fault("look in vain");
    }
    boolean unread = loop.instant().isBefore(shop.unreadUntil);
    if (!shop.rule.triggers().isEmpty() && !unread) {
      boolean blind = loop.instant().isBefore(shop.blindUntil);
      Optional<Double> value = blind ? Optional.empty() : Optional.of(shop.errors ? 0.3 : 0.01);
      Event read =
          new Event.SignalsRead(shop.name(), List.of(new Reading(Swarm.ERRORS.name(), value, "")));
      node.offer(read, () -> {}, () -> {});
    }
  }

  private void evaluate(Shop shop, String name, Source source, boolean active) {
    Instant now = loop.instant();
    Duration hold = name.equals("Errors") ? swarm.hold() : Duration.ZERO;
    Duration resend = swarm.door() == Door.API_V2 ? Duration.ofMinutes(1) : Duration.ofMinutes(5);
    if (active) {
      source.activeAt = source.activeAt.or(() -> Optional.of(now));
      if (!source.firing && !now.isBefore(source.activeAt.get().plus(hold))) {
        source.firing = true;
        source.startsAt = now;
        send(shop, name, source, true);
      } else if (source.firing && !now.isBefore(source.sentAt.plus(resend))) {
        send(shop, name, source, true);
      }
    } else {
      source.activeAt = Optional.empty();
      if (source.firing) {
        source.firing = false;
        source.endsAt = now;
        send(shop, name, source, false);
      } else if (swarm.door() == Door.API_V2
          && now.isBefore(source.endsAt.plus(RESOLVED_SENT))
          && !now.isBefore(source.sentAt.plus(resend))) {
        send(shop, name, source, false);
      }
    }
  }

  private void send(Shop shop, String name, Source source, boolean firing) {
    Instant now = loop.instant();
    source.sentAt = now;
    Duration validity =
        swarm.door() == Door.API_V2 ? Duration.ofMinutes(4) : Duration.ofMinutes(30);
    Alert alert =
        new Alert(
            Labels.of(Map.of("alertname", name, "app", shop.name())),
            new TreeMap<>(),
            firing,
            source.startsAt,
            firing ? Optional.empty() : Optional.of(source.endsAt),
            firing ? now.plus(validity) : source.endsAt,
            "");
    Event event = new Event.AlertsReceived(swarm.door(), List.of(alert), 0);
    deliver(event, 3);
    if (!calm && dice.chance(swarm.duplicates())) {
      coverage.fault("alert again, later");
      loop.in(dice.seconds(5, 100), () -> deliver(event, 3));
    }
  }

  /** Sends until it is taken; what overtakes what is up to chance. */
  private void deliver(Event event, int seconds) {
    loop.in(
        Duration.ofMillis(dice.below(seconds * 1_000)),
        () -> {
          boolean cut = event instanceof Event.AlertsReceived && loop.instant().isBefore(cutUntil);
          if (cut) {
            refused(event);
          } else {
            node.offer(event, () -> oracle.acked(event), () -> refused(event));
          }
        });
  }

  private void refused(Event event) {
    coverage.fault("delivery refused");
    // Prometheus sends again what still fires, never what was refused.
    boolean forgets =
        event instanceof Event.AlertsReceived received && received.door() == Door.API_V2;
    if (!forgets) {
      loop.in(dice.seconds(5, 30), () -> deliver(event, 3));
    }
  }

  // ---- what falls silent

  private void silence() {
    if (!dice.chance(swarm.silence())) {
      return;
    }
    Instant until = loop.instant().plus(dice.seconds(60, 1_500));
    switch (dice.below(3)) {
      case 0 -> {
        coverage.fault("alerts cut off");
        cutUntil = until;
      }
      case 1 -> {
        coverage.fault("watchdog cut off");
        unwatchedUntil = until;
      }
      default -> {
        coverage.fault("cluster away");
        awayUntil = until;
      }
    }
  }

  private void watchdog() {
    Instant now = loop.instant();
    if (now.isBefore(cutUntil) || now.isBefore(unwatchedUntil)) {
      return;
    }
    Event event =
        new Event.AlertsReceived(
            swarm.door(),
            List.of(
                new Alert(
                    Labels.of(Map.of("alertname", Swarm.WATCHDOG, "app", "s0")),
                    new TreeMap<>(),
                    true,
                    now,
                    Optional.empty(),
                    now.plus(Duration.ofMinutes(4)),
                    "")),
            0);
    node.offer(event, () -> {}, () -> {});
  }

  private void sign() {
    Event event =
        new Event.InputSeen(
            dev.belay.core.engine.Input.CLUSTER,
            loop.instant().isBefore(awayUntil) ? Optional.of("away") : Optional.empty());
    node.offer(event, () -> {}, () -> {});
  }

  // ---- who ships, and what breaks

  private void ship(Shop shop) {
    if (present(shop).isEmpty()) {
      return;
    }
    boolean bad = dice.chance(0.5);
    String image = "shop:" + (bad ? "bad-" : "v") + ++images;
    people.setImage(shop.namespace(), "app", "app", image);
    // What is announced before it is found is of no service.
    boolean announced = !shop.found() && dice.chance(0.75);
    Instant startedAt = loop.instant().minusSeconds(dice.below(10));
    shop.deploys.add(
        new Deploy(
            loop.instant(), digest(shop), announced ? Optional.of(startedAt) : Optional.empty()));
    loop.note("SHIP " + shop.name() + " " + image + (announced ? "" : " in silence"));
    if (announced) {
      announce(shop, image, startedAt);
    }
    if (bad && dice.chance(swarm.people() * 0.4)) {
      loop.in(dice.seconds(30, 400), () -> undo(shop));
    }
  }

  private void announce(Shop shop, String image, Instant startedAt) {
    boolean byInput = swarm.input() > 0 && dice.chance(swarm.input());
    Release release =
        new Release(
            "r" + images,
            byInput ? BY_INPUT : "ci",
            shop.name(),
            "",
            Release.Change.DEPLOYED,
            Optional.empty(),
            dice.chance(0.6) ? Optional.of(image) : Optional.empty(),
            startedAt,
            Optional.empty(),
            Optional.empty());
    if (byInput) {
      input.announce(release);
      return;
    }
    Event event = new Event.ReleaseReceived(release);
    deliver(event, 30);
    if (dice.chance(swarm.duplicates())) {
      coverage.fault("release again, later");
      loop.in(dice.seconds(5, 300), () -> deliver(event, 3));
    }
  }

  private void undo(Shop shop) {
    if (!calm && present(shop).isPresent()) {
      coverage.fault("a person rolls back");
      loop.note("UNDO " + shop.name() + " " + people.undo(shop.namespace(), "app", 0).strip());
      shop.undone.add(digest(shop));
    }
  }

  private void breakSomething(Shop shop) {
    if (dice.chance(swarm.trouble())) {
      String what = dice.of(List.of("DiskFull", "Errors", "Latency", "Latency"));
      boolean all = dice.chance(0.15);
      Instant until = loop.instant().plus(dice.seconds(30, 1_200));
      coverage.fault(all ? "storm" : "trouble");
      (all ? shops.values() : List.of(shop)).forEach(each -> each.breaksUntil.put(what, until));
    }
  }

  private void goBlind(Shop shop) {
    if (dice.chance(swarm.blind())) {
      coverage.fault("metrics blind");
      shop.blindUntil = loop.instant().plus(dice.seconds(5, 300));
    }
  }

  /** Whatever reads the metrics hangs, as such things do under load, just when they matter. */
  private void hang(Shop shop) {
    coverage.fault("metrics unread");
    loop.in(
        dice.seconds(30, 120),
        () -> {
          if (!calm) {
            shop.unreadUntil = loop.instant().plus(dice.seconds(120, 1_800));
          }
        });
  }

  private void fillDisk() {
    if (dice.chance(swarm.crash() > 0 ? 0.5 : 0.1)) {
      node.disk().full(true);
      loop.in(dice.seconds(5, 120), () -> node.disk().full(false));
    }
  }

  // ---- people

  private void meddle(Shop shop) {
    if (!dice.chance(swarm.people()) || present(shop).isEmpty()) {
      return;
    }
    String name = shop.namespace();
    int what = dice.below(14);
    coverage.fault("meddling " + what);
    loop.note("MEDDLE " + name + " " + what);
    switch (what) {
      case 0, 1, 2 -> people.annotate(name, "app", "note", "n" + dice.below(1_000));
      case 3, 4, 5 -> people.scale(name, "app", dice.between(1, 4));
      case 6, 7 -> {
        people.pause(name, "app");
        loop.in(
            dice.seconds(10, 300),
            () -> {
              if (present(shop).isPresent()) {
                people.resume(name, "app");
              }
            });
      }
      case 8, 9 -> {
        shop.flagsTouched = true;
        people.editConfigMap(name, "flags", FLAG, Optional.of(dice.of(List.of("true", "x"))));
      }
      case 10 -> recreate(shop);
      case 11 -> undo(shop);
      case 12 -> says(shop, Narrowing.MODE, dice.of(List.of("observe", "propose", "?")), "act");
      default -> says(shop, Narrowing.HOLD, "true", "false");
    }
  }

  /** A team says something on its workload, for a while. */
  private void says(Shop shop, String annotation, String what, String then) {
    people.annotate(shop.namespace(), "app", annotation, what);
    loop.in(
        dice.seconds(60, 900),
        () -> {
          if (present(shop).isPresent()) {
            people.annotate(shop.namespace(), "app", annotation, then);
          }
        });
  }

  // ---- what a fleet finds

  private void search(Fleet fleet) {
    if (!node.up()) {
      return;
    }
    for (Place place : fleet.selector().places()) {
      try {
        Set<Workload> found = cluster.find(fleet.selector(), place);
        node.offer(new Event.FleetSeen(fleet.name(), place, found), () -> {}, () -> {});
      } catch (ClusterUnavailable e) {
        coverage.fault("search in vain");
      }
    }
  }

  /** It is there no more, and comes back later. */
  private void goAway(Shop shop) {
    if (present(shop).isEmpty()) {
      return;
    }
    loop.note("AWAY " + shop.name());
    people.deleteDeployment(shop.namespace(), "app");
    loop.in(
        dice.seconds(60, 1_800),
        () -> {
          if (present(shop).isEmpty()) {
            people.createDeployment(shop.namespace(), "app", 2, "app", "shop:v" + ++images);
            shop.deploys.add(new Deploy(loop.instant(), digest(shop), Optional.empty()));
          }
        });
  }

  private void recreate(Shop shop) {
    String image = "shop:v" + ++images;
    people.deleteDeployment(shop.namespace(), "app");
    people.createDeployment(shop.namespace(), "app", 2, "app", image);
    shop.deploys.add(new Deploy(loop.instant(), digest(shop), Optional.empty()));
  }

  private void hold() {
    if (dice.chance(0.4)) {
      coverage.fault("hold");
      person(new Event.HoldAsked("ann", "because"));
      loop.in(dice.seconds(30, 1_200), () -> person(new Event.HoldEnded("ann")));
    }
  }

  private void person(Event event) {
    deliver(event, 2);
  }

  private void reads(Notice notice) {
    boolean question =
        notice.kind() == Notice.Kind.PROPOSED || notice.kind() == Notice.Kind.COUNTDOWN;
    if (notice.kind() == Notice.Kind.HOLD && notice.text().startsWith("belay ")) {
      coverage.fault("crash loop");
      loop.in(dice.seconds(60, 900), () -> person(new Event.HoldEnded("ann")));
    }
    if (notice.kind() == Notice.Kind.NOT_ACTING && dice.chance(0.05)) {
      coverage.fault("snooze");
      Duration length = dice.seconds(30, 1_800);
      loop.in(
          dice.seconds(1, 60), () -> person(new Event.Snoozed(notice.incident(), "bob", length)));
    }
    Optional<ActionId> action = oracle.underWay(notice.incident());
    if (question && action.isPresent() && dice.chance(0.7)) {
      Event answer =
          dice.chance(0.7)
              ? new Event.Approved(notice.incident(), action.get(), seen(notice), "bob")
              : new Event.Vetoed(notice.incident(), action.get(), "bob");
      boolean late = dice.chance(0.1);
      if (late) {
        coverage.fault("late answer");
      }
      loop.in(late ? dice.seconds(120, 900) : dice.seconds(1, 60), () -> person(answer));
    }
  }

  private static Optional<String> seen(Notice notice) {
    return notice.offer().flatMap(Notice.Offer::asked).map(Notice.Asked::plan);
  }

  // ---- the way to the cluster and to people

  @Override
  public Optional<String> silence(Read read) {
    if (loop.instant().isBefore(awayUntil)) {
      return Optional.of("away");
    }
    if (!calm && dice.chance(swarm.silent())) {
      coverage.fault("silent " + read);
      return Optional.of("busy");
    }
    return Optional.empty();
  }

  @Override
  public Fate fate(ActionId id, Plan plan) {
    if (loop.instant().isBefore(awayUntil)) {
      return new Fate.RequestLost();
    }
    if (calm || !dice.chance(swarm.lostReply())) {
      return new Fate.Answered();
    }
    int kind = dice.below(4);
    coverage.fault("change " + List.of("request lost", "answer lost", "late", "busy").get(kind));
    return switch (kind) {
      case 0 -> new Fate.RequestLost();
      case 1 -> new Fate.AnswerLost();
      case 2 -> new Fate.Late(dice.seconds(1, 40));
      default -> new Fate.Refused(Reason.CLUSTER_UNAVAILABLE, "busy");
    };
  }

  private void carryOut(Command command, int epoch) {
    if (command instanceof Command.Notify(var name, var owed)) {
      Objects.requireNonNull(channels.get(name)).hand(owed, epoch);
      return;
    }
    boolean queued = !calm && dice.chance(swarm.lostReply() / 4);
    if (queued) {
      coverage.fault("command waits");
    }
    loop.in(
        queued ? dice.seconds(5, 120) : Duration.ofMillis(dice.below(1_500)),
        () -> {
          boolean gone = node.epoch() != epoch;
          if (gone && dice.chance(0.5)) {
            coverage.fault("command lost in a crash");
            return;
          }
          Event answer = answer(command);
          if (!gone) {
            reply(answer, epoch);
          }
        });
  }

  private void reply(Event answer, int epoch) {
    if (!calm && dice.chance(swarm.lostReply() / 3)) {
      coverage.fault("reply lost");
      return;
    }
    boolean slow = !calm && dice.chance(swarm.lostReply() / 5);
    if (slow) {
      coverage.fault("reply slow");
    }
    loop.in(
        slow ? dice.seconds(10, 90) : Duration.ofMillis(dice.below(2_000)),
        () -> {
          if (node.epoch() == epoch) {
            node.offer(answer, () -> {}, () -> coverage.fault("reply dropped"));
            if (!calm && dice.chance(swarm.duplicates() / 5)) {
              coverage.fault("reply twice");
              node.offer(answer, () -> {}, () -> {});
            }
          }
        });
  }

  private Event answer(Command command) {
    try {
      return switch (command) {
        case Command.Observe(var service, var action, var target) ->
            new Event.Observed(service, action, cluster.observe(target));
        case Command.Preflight(var service, var action, var plan, var annotated) ->
            new Event.Preflighted(
                service,
                action,
                cluster.preflight(action, plan),
                annotated.flatMap(cluster::workload));
        case Command.Apply apply ->
            new Event.ActionFinished(apply.service(), apply.action(), apply(apply));
        case Command.Inspect(var service, var action, var plan) ->
            new Event.Inspected(service, action, cluster.inspect(action, plan));
        case Command.Settle(var service, var action, var plan) ->
            new Event.SettlementSeen(service, action, cluster.settle(action, plan));
        case Command.Notify _ -> throw new IllegalArgumentException("not a question");
      };
    } catch (ClusterUnavailable e) {
      return switch (command) {
        case Command.Observe(var service, var action, _) -> silent(service, action);
        case Command.Preflight(var service, var action, _, _) -> silent(service, action);
        case Command.Apply(var service, var action, _, _) -> silent(service, action);
        case Command.Inspect(var service, var action, _) -> silent(service, action);
        case Command.Settle(var service, var action, _) -> silent(service, action);
        case Command.Notify _ -> throw new IllegalArgumentException("not a question", e);
      };
    }
  }

  private static Event silent(String service, ActionId action) {
    return new Event.ClusterSilent(service, action, "busy");
  }

  private Outcome apply(Command.Apply apply) {
    if (loop.instant().isAfter(apply.notAfter())) {
      coverage.fault("change waited too long");
      return new Outcome.Doubtful("not sent: its time was up");
    }
    return apply(apply.action(), apply.plan());
  }

  private Outcome apply(ActionId action, Plan plan) {
    if (bug == Bug.RESUME_WITHOUT_GUARDS && plan instanceof Plan.RollBack rollBack) {
      String service = rollBack.workload().namespace();
      people.setImage(service, "app", "app", rollBack.toImages().getFirst());
      effect(new MemoryCluster.Effect(loop.instant(), action, plan));
      return new Outcome.Applied("without guards");
    }
    Outcome outcome = cluster.apply(action, plan);
    audit();
    return outcome;
  }

  /** One channel's thread, and the channel. */
  private final class Channel {
    private final String name;
    private final Dice chance;
    private final Deque<Notice> left = new ArrayDeque<>();
    private final Set<Notice> taken = new HashSet<>();
    private Optional<List<Notice>> handed = Optional.empty();
    private Instant downUntil = Loop.START;
    private boolean busy;
    private int epoch;

    Channel(String name, Dice chance) {
      this.name = name;
      this.chance = chance;
    }

    void hand(List<Notice> owed, int newEpoch) {
      if (epoch != newEpoch) {
        epoch = newEpoch;
        busy = false;
        left.clear();
        taken.clear();
      }
      handed = Optional.of(owed);
      if (!busy) {
        busy = true;
        goOn();
      }
    }

    private void goOn() {
      handed.ifPresent(this::take);
      handed = Optional.empty();
      if (left.isEmpty()) {
        busy = false;
        return;
      }
      Notice notice = left.removeFirst();
      int born = epoch;
      loop.in(chance.seconds(0, 5), () -> deliver(notice, born));
    }

    private void take(List<Notice> owed) {
      taken.retainAll(owed);
      left.clear();
      for (Notice notice : owed) {
        if (taken.contains(notice)) {
          answer(notice);
        } else {
          left.addLast(notice);
        }
      }
    }

    private void deliver(Notice notice, int born) {
      if (node.epoch() != born || epoch != born) {
        coverage.fault("notice lost in a crash");
        return;
      }
      boolean down = loop.instant().isBefore(downUntil);
      if (!calm && (down || chance.chance(swarm.silent()))) {
        coverage.fault(down ? "channel down" : "notice in vain");
        left.clear();
      } else {
        oracle.delivered(name, notice);
        if (name.equals(CHANNELS.getLast())) {
          reads(notice);
        }
        taken.add(notice);
        answer(notice);
      }
      goOn();
    }

    private void answer(Notice notice) {
      if (!calm && chance.chance(swarm.lostReply() / 3)) {
        coverage.fault("notice's answer lost");
        return;
      }
      node.offer(
          new Event.NoticeDelivered(
              notice.incident(), notice.number(), name, Optional.of("thread")),
          () -> {},
          () -> coverage.fault("notice's answer dropped"));
    }
  }

  private void channelGoesDown() {
    Channel channel = Objects.requireNonNull(channels.get(dice.of(CHANNELS)));
    if (dice.chance(swarm.silent() > 0 ? 0.5 : 0.1)) {
      channel.downUntil = loop.instant().plus(dice.seconds(60, 3_000));
    }
  }
}

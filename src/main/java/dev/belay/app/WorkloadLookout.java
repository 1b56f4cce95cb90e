package dev.belay.app;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.State;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.Service;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterUnavailable;
import dev.belay.port.Inbox;
import dev.belay.port.Queries;
import dev.belay.port.WorkloadWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the services' workloads: at each as soon as the cluster says that it may have changed;
 * every few seconds at those of which something is waited; and at the rest now and then, lest a
 * change went unnoticed. Where the cluster says nothing, every few seconds at all. It looks for
 * what fleets select in the same way.
 */
public final class WorkloadLookout implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkloadLookout.class);

  private static final String NARROWER =
      "; where Belay may not list all namespaces, name those that it may in the fleet's selector,"
          + " as in namespace in (shop, pay)";

  /** So many looks are under way at once. */
  private static final int AT_ONCE = 8;

  /** As many of one place that are due are looked at in one go. */
  private static final int CROWD = 20;

  /** A workload is not looked at more often, however often it changes. */
  private static final Duration BREATH = Duration.ofSeconds(1);

  /** After so many rounds everything was looked at, watched or not. */
  private static final int ROUNDS = 20;

  /** Replaced as a whole. */
  private volatile Map<Workload, List<String>> services = Map.of();

  private final List<Fleet> fleets;

  /** Where one fleet's workloads are looked for; another's may be found there all the same. */
  private record Search(String fleet, Place place) {}

  /** Why they cannot be, in a sentence. */
  private final Map<Search, String> unsearched = new ConcurrentHashMap<>();

  /** A place where looks at these are refused, in a sentence. */
  private record Refusal(String trouble, Set<Workload> workloads) {}

  private final Map<Place, Refusal> refused = new ConcurrentHashMap<>();

  private final AtomicBoolean searching = new AtomicBoolean();
  private volatile boolean searchDue = true;
  private final Cluster cluster;
  private final Inbox inbox;
  private final Queries queries;
  private final Set<Workload> planned = ConcurrentHashMap.newKeySet();
  private final Map<Workload, Long> looked = new ConcurrentHashMap<>();

  /** When the look began that was told of last. */
  private final Map<Workload, Long> lastTold = new ConcurrentHashMap<>();

  /** What was seen and could not be taken in; it is looked at with the next round. */
  private final Set<Workload> untold = ConcurrentHashMap.newKeySet();

  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("belay-lookout-rounds").factory());
  private final ScheduledExecutorService lookers =
      Executors.newScheduledThreadPool(
          AT_ONCE, Thread.ofVirtual().name("belay-lookout-", 0).factory());
  private volatile Optional<WorkloadWatch> watch = Optional.empty();
  private volatile Optional<String> silence = Optional.of("it was not asked yet");
  private final AtomicBoolean warned = new AtomicBoolean();

  /** A look was answered since it was last asked whether the cluster is silent. */
  private final AtomicBoolean answered = new AtomicBoolean();

  private int round;

  /**
   * Looks at the workloads of these services, and for those of the fleets; {@link #start} begins.
   */
  public WorkloadLookout(
      List<Service> services, List<Fleet> fleets, Cluster cluster, Inbox inbox, Queries queries) {
    this.fleets = fleets;
    this.cluster = cluster;
    this.inbox = inbox;
    this.queries = queries;
    follow(services);
    if (this.services.isEmpty()) {
      silence = Optional.empty();
    }
  }

  /** Looks at the workloads of these services from now on. */
  public void follow(List<Service> all) {
    Map<Workload, List<String>> by = new HashMap<>();
    for (Service service : all) {
      service
          .workload()
          .ifPresent(
              workload -> by.computeIfAbsent(workload, _ -> new ArrayList<>()).add(service.name()));
    }
    Map<Workload, List<String>> before = services;
    services = by;
    looked.keySet().retainAll(by.keySet());
    lastTold.keySet().retainAll(by.keySet());
    untold.retainAll(by.keySet());
    before.keySet().stream().filter(it -> !by.containsKey(it)).forEach(this::allowed);
    if (watch.isPresent()) {
      by.keySet().stream().filter(it -> !before.containsKey(it)).forEach(this::plan);
    }
  }

  /** Begins, with so long a pause between two rounds. */
  public void start(Duration pause) {
    if (services.isEmpty() && fleets.isEmpty()) {
      return;
    }
    watch =
        cluster.watch(
            Set.copyOf(services.keySet()),
            fleets.stream().map(Fleet::selector).toList(),
            this::changed);
    var _ =
        rounds.scheduleWithFixedDelay(
            () -> whateverHappens(this::round), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * What was amiss with the cluster the last time that it was asked: empty where it answered, and
   * where no rule names a workload that could be asked for.
   */
  public Optional<String> trouble() {
    return silence
        .or(() -> refused.values().stream().map(Refusal::trouble).sorted().findFirst())
        .or(() -> unsearched.values().stream().sorted().findFirst())
        .or(() -> watch.flatMap(WorkloadWatch::trouble));
  }

  /**
   * Why nothing was heard of the cluster since this was last asked; empty where a look was
   * answered, be it by a refusal, and where there is nothing to look at. Where nothing needed a
   * look, one is taken now.
   */
  Optional<String> silence() {
    if (services.isEmpty()) {
      return unfound();
    }
    if (!answered.get()) {
      services.keySet().stream()
          .min(Comparator.comparing(workload -> looked.getOrDefault(workload, Long.MIN_VALUE)))
          .ifPresent(workload -> look(workload, begin(workload)));
    }
    return answered.getAndSet(false) ? Optional.empty() : silence;
  }

  /** The same where there is no workload to look at as yet. */
  private Optional<String> unfound() {
    if (!answered.get()) {
      fleets.forEach(fleet -> search(fleet, fleet.selector().places()));
    }
    return answered.getAndSet(false)
        ? Optional.empty()
        : unsearched.values().stream().sorted().findFirst();
  }

  private void round() {
    Optional<WorkloadWatch> told = watch;
    Set<String> restful = told.isPresent() ? restful() : Set.of();
    Map<Place, Boolean> missed = new HashMap<>();
    Predicate<Place> unwatched =
        place -> told.isEmpty() || missed.computeIfAbsent(place, each -> told.get().misses(each));
    int turn = round++ % ROUNDS;
    if (searchDue || turn == 0) {
      searchDue = false;
      if (!searchSoon(_ -> true)) {
        searchDue = true;
      }
    } else {
      // Where another search is under way, the next round will do.
      var _ = searchSoon(unwatched);
    }
    services.forEach(
        (workload, names) -> {
          boolean hasTurn = Math.floorMod(workload.hashCode(), ROUNDS) == turn;
          if (untold.remove(workload)
              || hasTurn
              || !restful.containsAll(names)
              || unwatched.test(place(workload))) {
            plan(workload);
          }
        });
  }

  private static Place place(Workload workload) {
    return new Place(workload.kind(), Optional.of(workload.namespace()));
  }

  /** Those that need no look; none where the engine cannot say so now. */
  private Set<String> restful() {
    try {
      return queries.ask(State::restful).toCompletableFuture().join();
    } catch (CompletionException e) {
      return Set.of();
    }
  }

  /** What no service has may be one that is new. */
  private void changed(Workload workload) {
    if (services.containsKey(workload)) {
      plan(workload);
    } else if (covered(workload)) {
      searchDue = true;
    }
  }

  private boolean covered(Workload workload) {
    return fleets.stream().anyMatch(fleet -> fleet.selector().covers(workload));
  }

  /** False where another search is under way. */
  private boolean searchSoon(Predicate<Place> where) {
    Map<Fleet, List<Place>> places = new LinkedHashMap<>();
    for (Fleet fleet : fleets) {
      List<Place> its = fleet.selector().places().stream().filter(where).toList();
      if (!its.isEmpty()) {
        places.put(fleet, its);
      }
    }
    if (places.isEmpty()) {
      return true;
    }
    if (!searching.compareAndSet(false, true)) {
      return false;
    }
    try {
      lookers.execute(
          () -> {
            whateverHappens(() -> places.forEach(this::search));
            searching.set(false);
          });
    } catch (RejectedExecutionException e) {
      // It is being closed.
      searching.set(false);
    }
    return true;
  }

  /** Each place by itself: one that cannot be searched keeps nobody from the others. */
  private void search(Fleet fleet, List<Place> places) {
    for (Place place : places) {
      Search search = new Search(fleet.name(), place);
      try {
        Set<Workload> found = cluster.find(fleet.selector(), place);
        answered.set(true);
        silence = Optional.empty();
        unsearched.remove(search);
        offer(new Event.FleetSeen(fleet.name(), place, found), () -> searchDue = true);
      } catch (ClusterUnavailable e) {
        if (e.answered()) {
          answered.set(true);
        }
        String trouble =
            "the "
                + place
                + " cannot be searched for those of the fleet "
                + fleet.name()
                + ": "
                + e.getMessage()
                + (e.answered() && place.namespace().isEmpty() ? NARROWER : "");
        if (unsearched.put(search, trouble) == null) {
          LOG.atWarn().log("{}", trouble);
        }
      }
    }
  }

  private void plan(Workload workload) {
    long wait;
    synchronized (planned) {
      if (!planned.add(workload)) {
        return;
      }
      wait = Math.max(0, BREATH.toNanos() - since(workload));
    }
    schedule(workload, wait, this::lookAround);
  }

  /**
   * Takes it off the plan: what changes from here on calls for another look, a breath later.
   *
   * @return when the look began; empty where somebody else took it
   */
  private OptionalLong claim(Workload workload) {
    synchronized (planned) {
      return planned.remove(workload) ? OptionalLong.of(begin(workload)) : OptionalLong.empty();
    }
  }

  private long begin(Workload workload) {
    long now = System.nanoTime();
    looked.put(workload, now);
    return now;
  }

  /** How long ago it was looked at, in nanoseconds. */
  private long since(Workload workload) {
    return System.nanoTime() - looked.getOrDefault(workload, Long.MIN_VALUE / 2);
  }

  /** Unless somebody else does so before. */
  private void schedule(Workload workload, long nanos, ObjLongConsumer<Workload> look) {
    try {
      var _ =
          lookers.schedule(
              () ->
                  whateverHappens(
                      () -> claim(workload).ifPresent(began -> look.accept(workload, began))),
              nanos,
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // It is being closed.
      planned.remove(workload);
    }
  }

  /** What fails for one workload must not end the looks, nor keep the others from theirs. */
  private static void whateverHappens(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("looking failed in an unforeseen way; it goes on");
    }
  }

  /** Looks at it, and at its neighbours in the same go where many of them are due. */
  private void lookAround(Workload workload, long began) {
    Place place = place(workload);
    List<Workload> due = planned.size() < CROWD ? List.of() : due(place);
    if (due.size() < CROWD) {
      look(workload, began);
      return;
    }
    Map<Workload, Long> crowd = new HashMap<>();
    crowd.put(workload, began);
    due.forEach(neighbour -> claim(neighbour).ifPresent(at -> crowd.put(neighbour, at)));
    lookAtAll(place, crowd);
  }

  private List<Workload> due(Place place) {
    return planned.stream()
        .filter(workload -> place.holds(workload) && since(workload) >= BREATH.toNanos())
        .toList();
  }

  /**
   * Looks at all of them in one go, and one by one at what is not seen so.
   *
   * @param crowd when the look at each began
   */
  private void lookAtAll(Place place, Map<Workload, Long> crowd) {
    Set<Workload> left = new HashSet<>(crowd.keySet());
    try {
      Map<Workload, Observation> seen = cluster.observe(place, crowd.keySet());
      heard();
      seen.keySet().forEach(this::allowed);
      crowd.forEach(
          (workload, began) ->
              Optional.ofNullable(seen.get(workload))
                  .ifPresent(observation -> see(workload, observation, began)));
      left.removeAll(seen.keySet());
    } catch (ClusterUnavailable e) {
      // What it refuses of all, it may allow of each.
      if (e.answered()) {
        answered.set(true);
      } else {
        silent(place.toString(), e);
      }
    }
    left.stream().filter(planned::add).forEach(workload -> schedule(workload, 0, this::look));
  }

  private void look(Workload workload, long began) {
    try {
      Observation seen = cluster.observe(new Target.OfWorkload(workload));
      heard();
      allowed(workload);
      see(workload, seen, began);
    } catch (ClusterUnavailable e) {
      if (e.answered()) {
        refused(workload, e);
      } else {
        silent(workload.toString(), e);
      }
    }
  }

  /** The cluster is there; whoever else is looked at is no worse for it. */
  private void refused(Workload workload, ClusterUnavailable e) {
    heard();
    Place place = place(workload);
    String trouble = "the " + place + " cannot be looked at: " + e.getMessage();
    AtomicBoolean news = new AtomicBoolean();
    refused.compute(
        place,
        (_, known) -> {
          Set<Workload> all = known == null ? ConcurrentHashMap.newKeySet() : known.workloads();
          all.add(workload);
          news.set(known == null);
          return new Refusal(trouble, all);
        });
    if (news.get()) {
      LOG.atWarn().log("{}", trouble);
    }
    if (!services.containsKey(workload)) {
      // Nobody looks at it any more.
      allowed(workload);
    }
  }

  private void allowed(Workload workload) {
    refused.computeIfPresent(
        place(workload),
        (_, known) -> {
          known.workloads().remove(workload);
          return known.workloads().isEmpty() ? null : known;
        });
  }

  /**
   * Unless a look that began later was told of before: it saw something newer. One that only began
   * later is no reason to wait for it, as there may always be another.
   */
  private void see(Workload workload, Observation seen, long began) {
    lastTold.compute(
        workload,
        (_, last) -> {
          if (last != null && last - began > 0) {
            return last;
          }
          tell(workload, seen);
          return began;
        });
  }

  private void tell(Workload workload, Observation seen) {
    if (seen instanceof Observation.OfWorkload found) {
      services
          .getOrDefault(workload, List.of())
          .forEach(
              service -> offer(new Event.WorkloadSeen(service, found), () -> untold.add(workload)));
    } else if (covered(workload)) {
      searchDue = true;
    }
  }

  /** Hands it in; what cannot be taken is to be looked at again. */
  private void offer(Event seen, Runnable again) {
    var _ =
        inbox
            .offer(seen)
            .whenComplete(
                (_, failed) -> {
                  if (failed != null) {
                    again.run();
                  }
                });
  }

  private void heard() {
    answered.set(true);
    silence = Optional.empty();
    warned.set(false);
  }

  private void silent(String asked, ClusterUnavailable e) {
    String trouble = trouble(e);
    if (warned.compareAndSet(false, true)) {
      LOG.atWarn().addKeyValue("workload", asked).log("the cluster is silent: {}", trouble);
    }
    silence = Optional.of(trouble);
  }

  private String trouble(ClusterUnavailable e) {
    return "no answer from "
        + cluster.where()
        + ": "
        + e.getMessage()
        + "; check with kubectl that this address answers from here, or name another under cluster"
        + " in the configuration";
  }

  @Override
  public void close() {
    rounds.shutdownNow();
    watch.ifPresent(WorkloadWatch::close);
    lookers.shutdownNow();
  }
}

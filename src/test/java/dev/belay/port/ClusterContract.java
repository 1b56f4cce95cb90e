package dev.belay.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.access.Access;
import dev.belay.core.access.Right;
import dev.belay.core.access.Verb;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Owner;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Rollout.Obstacle;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Inspection.Finding;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.LabelNeed;
import dev.belay.core.rule.LabelNeed.Operator;
import dev.belay.core.rule.Narrowing;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.WorkloadSelector;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Cluster} promises, on the world in memory and on a real control plane alike.
 * Real rollouts take their time, so nothing here expects a change to be carried out at once.
 *
 * <p>What each refusal is called:
 *
 * <ul>
 *   <li>{@link Reason#TARGET_MISSING}: the workload, the revision, the ConfigMap or the kind of a
 *       manifest is not there
 *   <li>{@link Reason#OWNED_BY_ANOTHER}: another controller would undo it, and stands before all
 *       that follows
 *   <li>{@link Reason#TARGET_PAUSED}: also where the template would be right already
 *   <li>{@link Reason#SUPERSEDED}: another object of that name, another template or generation,
 *       other values
 *   <li>{@link Reason#IMMUTABLE}, {@link Reason#NOT_OURS}: as they say
 *   <li>{@link Reason#CHANGED_BY_PERSON}: every flag that was to be put back has another value than
 *       Belay's
 * </ul>
 *
 * An id that stands on the object is {@link Outcome.AlreadyDone} before any of these.
 */
public abstract class ClusterContract {
  private static final String APP = "covet-app";
  private static final String FLAGS = "covet-config";
  private static final String ANALYTICS = "FEATURE_FLAG_ANALYTICS";
  private static final String SEARCH = "FEATURE_FLAG_SEARCH";
  private static final String ACTION = "belay.dev/action";
  private static final String ROLLED_BACK_FROM = "belay.dev/rolled-back-from";
  private static final String CHANGE_CAUSE = "kubernetes.io/change-cause";
  private static final String MANAGED = "belay.dev/managed";
  private static final ActionId ID = new ActionId("00000000000000a1");
  private static final ActionId OTHER_ID = new ActionId("00000000000000b2");

  private ClusterFixture world;
  private Cluster cluster;

  /** A fresh world. */
  protected abstract ClusterFixture fixture();

  @BeforeEach
  final void openWorld() {
    world = fixture();
    cluster = world.cluster();
  }

  @AfterEach
  final void closeWorld() {
    world.close();
  }

  // Looking for workloads.

  @Test
  void findsTheWorkloadsOfAPlaceThatHaveTheLabels() {
    world.createDeployment("one", 1, "covet:good-1");
    world.createDeployment("two", 1, "covet:good-1");
    world.createDeployment("three", 1, "covet:good-1");
    world.label("one", "belay.dev/managed", "true");
    world.label("two", "belay.dev/managed", "no");
    assertEquals(
        Set.of("one"), found(new LabelNeed("belay.dev/managed", Operator.IN, List.of("true"))));
    assertEquals(
        Set.of("two", "three"),
        found(new LabelNeed("belay.dev/managed", Operator.NOT_IN, List.of("true", "maybe"))));
    assertEquals(
        Set.of("one", "two"),
        found(new LabelNeed("belay.dev/managed", Operator.EXISTS, List.of())));
    assertEquals(
        Set.of("three"), found(new LabelNeed("belay.dev/managed", Operator.ABSENT, List.of())));
    assertEquals(
        Set.of("two"),
        found(
            new LabelNeed("belay.dev/managed", Operator.EXISTS, List.of()),
            new LabelNeed("belay.dev/managed", Operator.IN, List.of("no", "never"))));
  }

  @Test
  void findsWhatIsThereNowInOnePlaceAndInAll() {
    WorkloadSelector everywhere =
        new WorkloadSelector(List.of("deployment"), List.of(), List.of(), List.of());
    assertEquals(Set.of(), found());
    world.createDeployment(APP, 1, "covet:good-1");
    assertEquals(Set.of(APP), found());
    assertTrue(cluster.find(everywhere, everywhere.places().getFirst()).contains(workload()));
    WorkloadSelector elsewhere =
        new WorkloadSelector(
            List.of("deployment"), List.of(), List.of(world.namespace()), List.of());
    assertFalse(cluster.find(elsewhere, elsewhere.places().getFirst()).contains(workload()));
    world.deleteDeployment(APP);
    assertEquals(Set.of(), found());
  }

  @Test
  void whatIsSeenOfManyIsWhatIsSeenOfEach() {
    List<Workload> known = List.of(workload("one"), workload("two"));
    for (Workload each : known) {
      world.createDeployment(each.name(), 1, "covet:good-1");
      world.awaitComplete(each.name());
      world.setImage(each.name(), "covet:good-2");
      world.awaitComplete(each.name());
    }
    Place place = new Place("deployment", Optional.of(world.namespace()));
    world.eventually(
        "what is seen of two in one go is what is seen of each",
        () -> each(known).equals(cluster.observe(place, Set.copyOf(known))));
    assertTrue(
        each(known).values().stream()
            .allMatch(
                seen ->
                    seen instanceof Observation.OfWorkload workload
                        && workload.revisions().size() == 2
                        && workload.current().isPresent()));
  }

  @Test
  void whatIsToBeKeptIsKeptOfManyToo() {
    world.createDeployment(APP, 1, "covet:good-1");
    world.awaitComplete(APP);
    Observation.OfWorkload before = seen();
    world.baselines().want(workload(), List.of(before.digest()));
    cluster.observe(new Place("deployment", Optional.of(world.namespace())), Set.of(workload()));
    assertEquals(Set.of(before.digest()), world.baselines().kept(workload(), before.uid()));
  }

  private Map<Workload, Observation> each(List<Workload> workloads) {
    return workloads.stream()
        .collect(
            Collectors.toMap(
                workload -> workload,
                workload -> cluster.observe(new Target.OfWorkload(workload))));
  }

  private Set<String> found(LabelNeed... labels) {
    WorkloadSelector selector =
        new WorkloadSelector(
            List.of("deployment"), List.of(world.namespace()), List.of(), List.of(labels));
    return cluster.find(selector, selector.places().getFirst()).stream()
        .map(Workload::name)
        .collect(Collectors.toSet());
  }

  @Test
  void readsWhatATeamSaysOnItsWorkload() {
    deploy("covet:good-1");
    assertEquals(Narrowing.NONE, seen().narrowing());
    world.annotate(APP, "belay.dev/mode", "propose");
    world.annotate(APP, "belay.dev/hold", "true");
    assertEquals(Narrowing.of(Optional.of("propose"), Optional.of("true")), seen().narrowing());
    world.annotate(APP, "belay.dev/mode", "whatever");
    assertTrue(seen().narrowing().unreadable().isPresent());
  }

  // Observing a workload.

  @Test
  void observesAWorkloadWithItsRevisionsNewestFirst() {
    deploy("covet:good-1", "covet:good-2");
    Observation.OfWorkload seen = seen();
    assertEquals(workload(), seen.workload());
    assertTrue(seen.complete());
    assertFalse(seen.paused());
    assertEquals(Optional.empty(), seen.owner());
    assertEquals(List.of(2L, 1L), numbers(seen));
    assertEquals(List.of("covet:good-2"), seen.revisions().getFirst().images());
    assertEquals(2, seen.revisions().getFirst().readyReplicas());
    assertEquals(0, seen.revisions().getLast().readyReplicas());
    assertEquals(Optional.of(seen.revisions().getFirst()), seen.current());
    assertNotEquals(seen.revisions().getFirst().digest(), seen.revisions().getLast().digest());
  }

  @Test
  void aRestartAndTheHashLabelMakeNoOtherDigest() {
    deploy("covet:good-1");
    String before = seen().digest();
    world.restart(APP);
    world.awaitComplete(APP);
    Observation.OfWorkload after = seen();
    assertEquals(before, after.digest());
    assertEquals(List.of(2L, 1L), numbers(after));
    assertEquals(
        List.of(before, before), after.revisions().stream().map(Revision::digest).toList());
  }

  @Test
  void generationMovesWithSpecificationAndAnnotationsButNotWithStatus() {
    world.createDeployment(APP, 2, "covet:good-1");
    long made = seen().generation();
    world.awaitComplete(APP);
    assertEquals(made, seen().generation());
    world.annotate(APP, "team", "shop");
    assertEquals(made + 1, seen().generation());
    world.scale(APP, 1);
    assertEquals(made + 2, seen().generation());
    world.annotate(APP, "team", "shop");
    assertEquals(made + 2, seen().generation(), "an edit that changes nothing");
  }

  @Test
  void aRolloutThatCannotFinishIsNotComplete() {
    deploy("covet:good-1");
    world.setImage(APP, "covet:crash-2");
    world.eventually("revision 2 is made", () -> numbers(seen()).contains(2L));
    assertFalse(seen().complete());
    assertEquals(2, revision(1).readyReplicas());
    assertEquals(0, revision(2).readyReplicas());
  }

  @Test
  void aRolloutSaysWhatIsInItsWay() {
    deploy("covet:good-1");
    assertEquals(Set.of(), seen().rollout().obstacles());
    world.setImage(APP, "covet:crash-2");
    obstructed(Obstacle.CRASH_LOOP);
    world.setImage(APP, "covet:nopull-3");
    obstructed(Obstacle.IMAGE_PULL);
    world.setImage(APP, "covet:good-4");
    world.awaitComplete(APP);
    assertEquals(Set.of(), seen().rollout().obstacles());
  }

  private void obstructed(Obstacle obstacle) {
    world.eventually(
        "the rollout meets " + obstacle,
        () -> seen().rollout().obstacles().equals(Set.of(obstacle)));
    assertFalse(seen().complete());
  }

  @Test
  void aWorkloadSaysWhoGaveItItsTemplate() {
    deploy("covet:good-1", "covet:good-2");
    assertEquals(Optional.of("kubectl-set"), seen().actor());
    world.annotate(APP, "team", "shop");
    world.scale(APP, 1);
    assertEquals(Optional.of("kubectl-set"), seen().actor());
  }

  @Test
  void aPausedWorkloadHasNoRevisionForANewTemplate() {
    deploy("covet:good-1");
    world.pause(APP);
    world.setImage(APP, "covet:good-2");
    Observation.OfWorkload seen = seen();
    assertTrue(seen.paused());
    assertFalse(seen.complete());
    assertEquals(List.of(1L), numbers(seen));
    assertEquals(Optional.empty(), seen.current());
  }

  @Test
  void changeCausesAreRead() {
    deploy("covet:good-1");
    world.annotate(APP, CHANGE_CAUSE, "first of all");
    world.eventually(
        "the revision has it", () -> revision(1).changeCause().equals(Optional.of("first of all")));
  }

  @Test
  void whatIsNotThereIsMissing() {
    assertInstanceOf(Observation.Missing.class, cluster.observe(new Target.OfWorkload(workload())));
    assertInstanceOf(
        Observation.Missing.class, cluster.observe(new Target.OfConfigMap(configMap())));
  }

  @Test
  void whatWasGrantedIsAllowedAndNothingElse() {
    Right right =
        new Right(
            "apps",
            "deployments",
            new TreeSet<>(Set.of(APP, "cart")),
            Optional.of(world.namespace()),
            new TreeSet<>(Set.of(Verb.GET, Verb.PATCH)),
            new TreeSet<>());
    Cluster limited = world.limitedTo(right);
    Access patch =
        new Access(
            Verb.PATCH, "apps", "deployments", Optional.of(APP), Optional.of(world.namespace()));
    // Who may do what is known to a server a moment after it was written.
    world.eventually("the right is in force", () -> limited.allows(patch));

    right.accesses().forEach(access -> assertTrue(limited.allows(access), access::toString));
    assertFalse(
        limited.allows(
            new Access(
                Verb.DELETE, patch.group(), "deployments", patch.name(), patch.namespace())));
    assertFalse(
        limited.allows(
            new Access(Verb.PATCH, "apps", "statefulsets", patch.name(), patch.namespace())));
    assertFalse(
        limited.allows(new Access(Verb.PATCH, "", "deployments", patch.name(), patch.namespace())));
    assertFalse(
        limited.allows(
            new Access(Verb.PATCH, "apps", "deployments", Optional.of("shop"), patch.namespace())));
    assertFalse(
        limited.allows(
            new Access(Verb.PATCH, "apps", "deployments", Optional.empty(), patch.namespace())));
    assertFalse(
        limited.allows(
            new Access(Verb.PATCH, "apps", "deployments", patch.name(), Optional.empty())));
    right
        .accesses()
        .forEach(access -> assertTrue(world.cluster().allows(access), access::toString));
  }

  @Test
  void anOwnerWhoWouldUndoAChangeIsNamed() {
    deploy("covet:good-1");
    world.annotate(APP, "argocd.argoproj.io/tracking-id", "covet:apps/Deployment:covet/covet-app");
    assertEquals(Optional.of(new Owner("Argo CD", true)), seen().owner());
  }

  @Test
  void fluxIsAnOwnerToo() {
    deploy("covet:good-1");
    world.label(APP, "kustomize.toolkit.fluxcd.io/name", "covet");
    assertEquals(Optional.of(new Owner("Flux", true)), seen().owner());
  }

  @Test
  void helmKeepsAWorkloadAndUndoesNothing() {
    deploy("covet:good-1", "covet:bad-2");
    world.label(APP, "app.kubernetes.io/managed-by", "Helm");
    assertEquals(Optional.of(new Owner("Helm", false)), seen().owner());
  }

  // Rolling back.

  @Test
  void aRollbackRenumbersTheRevisionItReturnsTo() {
    deploy("covet:good-1", "covet:good-2", "covet:good-3", "covet:good-4", "covet:good-5");
    Revision second = revision(2);
    Plan.RollBack plan = rollBackTo(2);
    assertApplied(ID, plan);
    world.awaitComplete(APP);
    assertEquals(List.of(6L, 5L, 4L, 3L, 1L), numbers(seen()));
    assertEquals(second.uid(), revision(6).uid(), "the same ReplicaSet, with another number");
    assertEquals(second.digest(), seen().digest());
    assertEquals(
        "error: unable to find specified revision 2 in history", world.undo(APP, 2).strip());
    assertEquals(
        "2", world.revisionAnnotations(APP, 6).get("deployment.kubernetes.io/revision-history"));
  }

  @Test
  void aRollbackLeavesItsMarksAndOthersAnnotations() {
    deploy("covet:good-1", "covet:bad-2");
    world.annotate(APP, "team", "shop");
    Plan.RollBack plan = rollBackTo(1);
    assertApplied(ID, plan);
    SortedMap<String, String> marks = world.annotations(APP);
    assertEquals(ID.value(), marks.get(ACTION));
    assertEquals(plan.fromDigest(), marks.get(ROLLED_BACK_FROM));
    assertEquals("Belay rolled back to revision 1 (action " + ID + ")", marks.get(CHANGE_CAUSE));
    assertEquals("shop", marks.get("team"));
    assertEquals(plan.generation() + 1, seen().generation(), "one change, marks and all");
  }

  @Test
  void aPersonCanUndoARollback() {
    deploy("covet:good-1", "covet:bad-2");
    String bad = seen().digest();
    assertApplied(ID, rollBackTo(1));
    world.awaitComplete(APP);
    assertEquals(List.of(3L, 2L), numbers(seen()));
    assertEquals("deployment.apps/covet-app rolled back", world.undo(APP, 0).strip());
    world.awaitComplete(APP);
    assertEquals(bad, seen().digest());
    assertEquals(List.of(4L, 3L), numbers(seen()));
  }

  @Test
  void aRollbackTwiceWithOneIdHasOneEffect() {
    deploy("covet:good-1", "covet:bad-2");
    Plan.RollBack plan = rollBackTo(1);
    assertApplied(ID, plan);
    long generation = seen().generation();
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(ID, plan));
    assertEquals(generation, seen().generation());
  }

  @Test
  void anIdThatStandsOnTheWorkloadIsNeverCarriedOutAgain() {
    deploy("covet:good-1", "covet:bad-2");
    assertApplied(ID, rollBackTo(1));
    world.awaitComplete(APP);
    world.setImage(APP, "covet:bad-2");
    world.awaitComplete(APP);
    Plan.RollBack again = rollBackTo(3);
    assertInstanceOf(Preflight.AlreadyDone.class, cluster.preflight(ID, again));
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(ID, again));
    assertEquals(List.of("covet:bad-2"), current().images());
  }

  @Test
  void anEqualTemplateIsAlreadyDone() {
    deploy("covet:good-1", "covet:bad-2");
    Plan.RollBack plan = rollBackTo(1);
    world.undo(APP, 1);
    world.awaitComplete(APP);
    long generation = seen().generation();
    assertInstanceOf(Preflight.AlreadyDone.class, cluster.preflight(ID, plan));
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(ID, plan));
    assertEquals(Finding.ALREADY_DONE, cluster.inspect(ID, plan).finding());
    assertEquals(generation, seen().generation());
  }

  @Test
  void aPausedWorkloadIsLeftAlone() {
    deploy("covet:good-1", "covet:bad-2");
    world.pause(APP);
    assertRefused(Reason.TARGET_PAUSED, ID, rollBackTo(1));
  }

  @Test
  void aNewerReleaseSupersedesThePlan() {
    deploy("covet:good-1", "covet:bad-2");
    Plan.RollBack plan = rollBackTo(1);
    world.setImage(APP, "covet:good-3");
    world.awaitComplete(APP);
    assertRefused(Reason.SUPERSEDED, ID, plan);
    assertEquals(Finding.SUPERSEDED, cluster.inspect(ID, plan).finding());
    assertEquals(List.of("covet:good-3"), current().images());
  }

  @Test
  void aMovedGenerationIsRefusedUntilThePlanIsBroughtUpToDate() {
    deploy("covet:good-1", "covet:bad-2");
    Plan.RollBack plan = rollBackTo(1);
    world.annotate(APP, "team", "shop");
    assertEquals(
        Reason.SUPERSEDED,
        assertInstanceOf(Outcome.Refused.class, cluster.apply(ID, plan)).reason());
    assertEquals(Finding.SUPERSEDED, cluster.inspect(ID, plan).finding());
    Plan fresh = assertInstanceOf(Preflight.Ready.class, cluster.preflight(ID, plan)).plan();
    assertTrue(plan.sameEffectAs(fresh));
    assertEquals(Finding.UNTOUCHED, cluster.inspect(ID, fresh).finding());
    assertApplied(ID, fresh);
  }

  @Test
  void aRevisionThatIsGoneIsMissing() {
    deploy("covet:good-1", "covet:good-2", "covet:bad-3");
    Plan.RollBack plan = rollBackTo(1);
    world.deleteRevision(APP, 1);
    assertRefused(Reason.TARGET_MISSING, ID, plan);
  }

  @Test
  void aRevisionBeyondTheHistoryLimitIsMissing() {
    deploy("covet:good-1", "covet:good-2");
    Plan.RollBack plan = rollBackTo(1);
    world.setHistoryLimit(APP, 0);
    world.eventually("revision 1 is collected", () -> numbers(seen()).equals(List.of(2L)));
    assertRefused(Reason.TARGET_MISSING, ID, plan);
  }

  @Test
  void aRevisionThatIsKeptCanBeReturnedToWhenTheClusterHasForgottenIt() {
    deploy("covet:good-1", "covet:bad-2");
    Revision good = revision(1);
    world.baselines().want(workload(), List.of(good.digest()));
    // The look at which it is kept.
    seen();
    world.setHistoryLimit(APP, 0);
    world.eventually("revision 1 is collected", () -> !world.history(APP).contains("\n1 "));
    assertEquals(List.of(2L, 1L), numbers(seen()));
    assertEquals(good.digest(), revision(1).digest());
    assertEquals(good.images(), revision(1).images());
    Plan.RollBack plan = rollBackTo(1);
    assertInstanceOf(Preflight.Ready.class, cluster.preflight(ID, plan));
    assertApplied(ID, plan);
    world.awaitComplete(APP);
    assertEquals(good.digest(), current().digest());
    assertInstanceOf(Settlement.Settled.class, cluster.settle(ID, plan));
    // Its ReplicaSet is there anew, so it is told of once.
    assertEquals(
        1, seen().revisions().stream().map(Revision::digest).filter(good.digest()::equals).count());
  }

  @Test
  void whatIsNotWantedIsNotKept() {
    deploy("covet:good-1", "covet:bad-2");
    Revision good = revision(1);
    Revision bad = revision(2);
    world.baselines().want(workload(), List.of(good.digest(), "0123456789abcdef"));
    String uid = seen().uid();
    assertEquals(Set.of(good.digest()), world.baselines().kept(workload(), uid));
    world.baselines().want(workload(), List.of(bad.digest()));
    seen();
    assertEquals(Set.of(bad.digest()), world.baselines().kept(workload(), uid));
  }

  @Test
  void whatWasKeptOfAnotherWorkloadOfThatNameIsNoneOfIts() {
    deploy("covet:good-1");
    String good = current().digest();
    world.baselines().want(workload(), List.of(good));
    String first = seen().uid();
    world.deleteDeployment(APP);
    deploy("covet:good-2");
    assertEquals(List.of(1L), numbers(seen()));
    // The same template once more, which is this one's own now.
    world.setImage(APP, "covet:good-1");
    world.awaitComplete(APP);
    String second = seen().uid();
    assertEquals(Set.of(good), world.baselines().kept(workload(), second));
    assertEquals(Set.of(), world.baselines().kept(workload(), first));
  }

  @Test
  void aWorkloadThatIsGoneIsMissing() {
    deploy("covet:good-1", "covet:bad-2");
    Plan.RollBack plan = rollBackTo(1);
    world.deleteDeployment(APP);
    assertRefused(Reason.TARGET_MISSING, ID, plan);
    assertEquals(Finding.SUPERSEDED, cluster.inspect(ID, plan).finding());
    assertFailed(Reason.TARGET_MISSING, cluster.settle(ID, plan));
  }

  @Test
  void anotherWorkloadOfThatNameIsNotTheOneThatWasJudged() {
    deploy("covet:good-1", "covet:bad-2");
    Plan.RollBack plan = rollBackTo(1);
    world.deleteDeployment(APP);
    deploy("covet:bad-2");
    assertRefused(Reason.SUPERSEDED, ID, plan);
    assertEquals(Finding.SUPERSEDED, cluster.inspect(ID, plan).finding());
  }

  @Test
  void whatAnotherControllerOwnsIsLeftToIt() {
    deploy("covet:good-1", "covet:bad-2");
    world.annotate(APP, "argocd.argoproj.io/tracking-id", "covet:apps/Deployment:covet/covet-app");
    assertRefused(Reason.OWNED_BY_ANOTHER, ID, rollBackTo(1));
  }

  @Test
  void aPreflightChangesNothing() {
    deploy("covet:good-1", "covet:bad-2");
    Plan.RollBack plan = rollBackTo(1);
    Observation.OfWorkload before = seen();
    assertEquals(new Preflight.Ready(plan), cluster.preflight(ID, plan));
    assertEquals(before, seen());
  }

  @Test
  void inspectionTellsWhetherARollbackTookEffect() {
    deploy("covet:good-1", "covet:bad-2");
    Plan.RollBack plan = rollBackTo(1);
    assertEquals(Finding.UNTOUCHED, cluster.inspect(ID, plan).finding());
    assertApplied(ID, plan);
    assertEquals(Finding.EFFECTIVE, cluster.inspect(ID, plan).finding());
    assertEquals(Finding.ALREADY_DONE, cluster.inspect(OTHER_ID, plan).finding());
  }

  @Test
  void aRollbackThatAPersonUndidStillTookEffect() {
    deploy("covet:good-1", "covet:bad-2");
    Plan.RollBack plan = rollBackTo(1);
    assertApplied(ID, plan);
    world.awaitComplete(APP);
    // kubectl takes the annotations of the revision it returns to, so the mark leaves the
    // Deployment; it still stands on the revision that Belay made the present one.
    world.undo(APP, 2);
    world.awaitComplete(APP);
    assertFalse(world.annotations(APP).containsKey(ACTION));
    assertEquals(Finding.EFFECTIVE, cluster.inspect(ID, plan).finding());
    Plan.RollBack again = rollBackTo(3);
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(ID, again));
  }

  @Test
  void aRollbackSettles() {
    deploy("covet:good-1", "covet:bad-2");
    Plan.RollBack plan = rollBackTo(1);
    assertApplied(ID, plan);
    world.eventually(
        "it settles",
        () ->
            switch (cluster.settle(ID, plan)) {
              case Settlement.Settled _ -> true;
              case Settlement.Progressing _ -> false;
              case Settlement.Failed failed -> throw new AssertionError(failed);
            });
    assertTrue(seen().complete());
    assertEquals(List.of("covet:good-1"), current().images());
  }

  @Test
  void aRollbackThatIsStuckFailsAtTheProgressDeadline() {
    // Four replicas, so that pods come and go in several steps: the controller's deadline runs only
    // once it has noticed progress, and a single step can pass it by unnoticed (seen with 1.37).
    world.createDeployment(APP, 4, "covet:good-2");
    world.awaitComplete(APP);
    world.setImage(APP, "covet:crash-1");
    world.eventually("revision 2 is made", () -> numbers(seen()).contains(2L));
    world.setImage(APP, "covet:good-2");
    world.awaitComplete(APP);
    // Longer than the way to the patch takes: a deadline that has passed by then is old news.
    world.setProgressDeadline(APP, 15);
    Plan.RollBack plan = rollBackTo(2);
    assertApplied(ID, plan);
    assertInstanceOf(Settlement.Progressing.class, cluster.settle(ID, plan));
    world.eventually(
        "it fails",
        () ->
            switch (cluster.settle(ID, plan)) {
              case Settlement.Settled settled -> throw new AssertionError(settled);
              case Settlement.Progressing _ -> false;
              case Settlement.Failed failed -> failed.reason() == Reason.ROLLOUT_STUCK;
            });
  }

  @Test
  void aRollbackOutOfAStuckRolloutIsNotTakenForStuck() {
    deploy("covet:good-1");
    world.setProgressDeadline(APP, 2);
    world.setImage(APP, "covet:crash-2");
    world.eventually(
        "the rollout is stuck", () -> world.status(APP).contains("exceeded its progress deadline"));
    Plan.RollBack plan = rollBackTo(1);
    assertApplied(ID, plan);
    world.eventually(
        "it settles",
        () ->
            switch (cluster.settle(ID, plan)) {
              case Settlement.Settled _ -> true;
              case Settlement.Progressing _ -> false;
              case Settlement.Failed failed -> throw new AssertionError(failed);
            });
  }

  @Test
  void aRollbackThatANewerReleaseOvertookWillNotBeDone() {
    deploy("covet:good-1", "covet:bad-2");
    Plan.RollBack plan = rollBackTo(1);
    assertApplied(ID, plan);
    world.setImage(APP, "covet:good-3");
    assertFailed(Reason.SUPERSEDED, cluster.settle(ID, plan));
  }

  @Test
  void aRollbackThatAPersonPausedWillNotBeDone() {
    deploy("covet:good-1");
    world.setImage(APP, "covet:crash-2");
    world.eventually("revision 2 is made", () -> numbers(seen()).contains(2L));
    world.undo(APP, 1);
    world.awaitComplete(APP);
    Plan.RollBack toCrash = rollBackTo(2);
    assertApplied(ID, toCrash);
    world.pause(APP);
    assertFailed(Reason.TARGET_PAUSED, cluster.settle(ID, toCrash));
  }

  // Flags.

  @Test
  void observesAConfigMap() {
    flags(Map.of(ANALYTICS, "true"));
    Observation.OfConfigMap seen = flagsSeen();
    assertEquals(configMap(), seen.configMap());
    assertEquals(Map.of(ANALYTICS, "true"), seen.values());
    assertFalse(seen.immutable());
  }

  @Test
  void flagsAreSetAndPutBack() {
    flags(Map.of(ANALYTICS, "true", "OTHER", "x"));
    Plan.SetFlags plan = setFlags(Map.of(ANALYTICS, "false", SEARCH, "off"));
    assertEquals(new Preflight.Ready(plan), cluster.preflight(ID, plan));
    assertEquals(Finding.UNTOUCHED, cluster.inspect(ID, plan).finding());
    assertApplied(ID, plan);
    assertEquals(Map.of(ANALYTICS, "false", SEARCH, "off", "OTHER", "x"), world.configMap(FLAGS));
    assertEquals(ID.value(), world.configMapAnnotations(FLAGS).get(ACTION));
    assertEquals(Finding.EFFECTIVE, cluster.inspect(ID, plan).finding());
    assertInstanceOf(Settlement.Settled.class, cluster.settle(ID, plan));
    Plan undo = plan.undo(ID).orElseThrow();
    assertEquals(Finding.UNTOUCHED, cluster.inspect(OTHER_ID, undo).finding());
    assertApplied(OTHER_ID, undo);
    assertEquals(Map.of(ANALYTICS, "true", "OTHER", "x"), world.configMap(FLAGS));
    assertEquals(OTHER_ID + "," + ID, world.configMapAnnotations(FLAGS).get(ACTION));
    assertInstanceOf(Settlement.Settled.class, cluster.settle(OTHER_ID, undo));
    assertEquals(Finding.EFFECTIVE, cluster.inspect(OTHER_ID, undo).finding());
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(OTHER_ID, undo));
  }

  @Test
  void twoServicesHaveTheirFlagsInOneConfigMap() {
    flags(Map.of(ANALYTICS, "true", SEARCH, "on"));
    Plan.SetFlags first = setFlags(Map.of(ANALYTICS, "false"));
    Plan.SetFlags second = setFlags(Map.of(SEARCH, "off"));
    assertApplied(ID, first);
    assertApplied(OTHER_ID, second);
    assertEquals(Finding.EFFECTIVE, cluster.inspect(ID, first).finding(), "it is ours still");
    assertEquals(Finding.EFFECTIVE, cluster.inspect(OTHER_ID, second).finding());
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(ID, first));
    assertApplied(new ActionId("00000000000000a3"), first.undo(ID).orElseThrow());
    assertEquals(Map.of(ANALYTICS, "true", SEARCH, "off"), world.configMap(FLAGS));
    assertInstanceOf(Settlement.Settled.class, cluster.settle(OTHER_ID, second));
    assertEquals(Finding.EFFECTIVE, cluster.inspect(OTHER_ID, second).finding());
    assertApplied(new ActionId("00000000000000b4"), second.undo(OTHER_ID).orElseThrow());
    assertEquals(Map.of(ANALYTICS, "true", SEARCH, "on"), world.configMap(FLAGS));
  }

  @Test
  void aConfigMapCarriesTheLastSixteenActions() {
    flags(Map.of(ANALYTICS, "0"));
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= 17; i++) {
      ids.addFirst(String.format("%016x", i));
      assertApplied(new ActionId(ids.getFirst()), setFlags(Map.of(ANALYTICS, "" + i)));
    }
    assertEquals(
        String.join(",", ids.subList(0, 16)), world.configMapAnnotations(FLAGS).get(ACTION));
  }

  @Test
  void flagsAreSetOnceForOneId() {
    flags(Map.of(ANALYTICS, "true"));
    Plan.SetFlags plan = setFlags(Map.of(ANALYTICS, "false"));
    assertApplied(ID, plan);
    world.editConfigMap(FLAGS, ANALYTICS, Optional.of("true"));
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(ID, plan));
    assertEquals(Map.of(ANALYTICS, "true"), world.configMap(FLAGS));
    assertFailed(Reason.CHANGED_BY_PERSON, cluster.settle(ID, plan));
  }

  @Test
  void flagsInAnEmptyConfigMapAreSetAndRemoved() {
    flags(Map.of());
    Plan.SetFlags plan = setFlags(Map.of(ANALYTICS, "false"));
    assertApplied(ID, plan);
    assertEquals(Map.of(ANALYTICS, "false"), world.configMap(FLAGS));
    assertApplied(OTHER_ID, plan.undo(ID).orElseThrow());
    assertEquals(Map.of(), world.configMap(FLAGS));
  }

  @Test
  void flagsThatSomebodySetAlreadyAreAlreadyDone() {
    flags(Map.of(ANALYTICS, "true"));
    Plan.SetFlags plan = setFlags(Map.of(ANALYTICS, "false"));
    world.editConfigMap(FLAGS, ANALYTICS, Optional.of("false"));
    assertInstanceOf(Preflight.AlreadyDone.class, cluster.preflight(ID, plan));
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(ID, plan));
    assertEquals(Finding.ALREADY_DONE, cluster.inspect(ID, plan).finding());
    assertFalse(world.configMapAnnotations(FLAGS).containsKey(ACTION));
  }

  @Test
  void flagsThatChangedSinceSupersedeThePlan() {
    flags(Map.of(ANALYTICS, "true"));
    Plan.SetFlags plan = setFlags(Map.of(ANALYTICS, "false", SEARCH, "off"));
    world.editConfigMap(FLAGS, ANALYTICS, Optional.of("maybe"));
    assertRefused(Reason.SUPERSEDED, ID, plan);
    assertEquals(Finding.SUPERSEDED, cluster.inspect(ID, plan).finding());
    assertEquals(Map.of(ANALYTICS, "maybe"), world.configMap(FLAGS));
  }

  @Test
  void otherKeysMayChangeMeanwhile() {
    flags(Map.of(ANALYTICS, "true", "OTHER", "x"));
    Plan.SetFlags plan = setFlags(Map.of(ANALYTICS, "false"));
    world.editConfigMap(FLAGS, "OTHER", Optional.of("y"));
    assertApplied(ID, plan);
    assertEquals(Map.of(ANALYTICS, "false", "OTHER", "y"), world.configMap(FLAGS));
  }

  @Test
  void anImmutableConfigMapIsRefused() {
    world.createConfigMap(FLAGS, Map.of(ANALYTICS, "true"), true);
    assertTrue(flagsSeen().immutable());
    assertRefused(Reason.IMMUTABLE, ID, setFlags(Map.of(ANALYTICS, "false")));
  }

  @Test
  void aConfigMapThatIsGoneIsMissing() {
    flags(Map.of(ANALYTICS, "true"));
    Plan.SetFlags plan = setFlags(Map.of(ANALYTICS, "false"));
    assertApplied(ID, plan);
    world.deleteConfigMap(FLAGS);
    assertRefused(Reason.TARGET_MISSING, OTHER_ID, plan);
    assertRefused(Reason.TARGET_MISSING, OTHER_ID, plan.undo(ID).orElseThrow());
    assertEquals(Finding.SUPERSEDED, cluster.inspect(OTHER_ID, plan).finding());
    assertFailed(Reason.TARGET_MISSING, cluster.settle(ID, plan));
  }

  @Test
  void anotherConfigMapOfThatNameIsNotTheOneThatWasRead() {
    flags(Map.of(ANALYTICS, "true"));
    Plan.SetFlags plan = setFlags(Map.of(ANALYTICS, "false"));
    assertApplied(ID, plan);
    world.deleteConfigMap(FLAGS);
    flags(Map.of(ANALYTICS, "true"));
    assertRefused(Reason.SUPERSEDED, OTHER_ID, plan);
    assertRefused(Reason.SUPERSEDED, OTHER_ID, plan.undo(ID).orElseThrow());
    assertEquals(Map.of(ANALYTICS, "true"), world.configMap(FLAGS));
  }

  @Test
  void puttingBackLeavesWhatAPersonChanged() {
    flags(Map.of(ANALYTICS, "true", SEARCH, "on"));
    Plan.SetFlags plan = setFlags(Map.of(ANALYTICS, "false", SEARCH, "off"));
    assertApplied(ID, plan);
    world.editConfigMap(FLAGS, ANALYTICS, Optional.of("beta"));
    Plan undo = plan.undo(ID).orElseThrow();
    Outcome.Applied applied = assertApplied(OTHER_ID, undo);
    assertTrue(applied.detail().contains(ANALYTICS), applied.detail());
    assertFalse(applied.detail().contains(SEARCH), applied.detail());
    assertEquals(Map.of(ANALYTICS, "beta", SEARCH, "on"), world.configMap(FLAGS));
    assertInstanceOf(Settlement.Settled.class, cluster.settle(OTHER_ID, undo));
  }

  @Test
  void puttingBackIsRefusedWhereAPersonChangedEveryFlag() {
    flags(Map.of(ANALYTICS, "true"));
    Plan.SetFlags plan = setFlags(Map.of(ANALYTICS, "false"));
    assertApplied(ID, plan);
    world.editConfigMap(FLAGS, ANALYTICS, Optional.of("beta"));
    Plan undo = plan.undo(ID).orElseThrow();
    assertRefused(Reason.CHANGED_BY_PERSON, OTHER_ID, undo);
    assertEquals(Finding.SUPERSEDED, cluster.inspect(OTHER_ID, undo).finding());
    assertEquals(Map.of(ANALYTICS, "beta"), world.configMap(FLAGS));
  }

  @Test
  void puttingBackWhatAPersonPutBackIsAlreadyDone() {
    flags(Map.of(ANALYTICS, "true"));
    Plan.SetFlags plan = setFlags(Map.of(ANALYTICS, "false", SEARCH, "off"));
    assertApplied(ID, plan);
    world.editConfigMap(FLAGS, ANALYTICS, Optional.of("true"));
    world.editConfigMap(FLAGS, SEARCH, Optional.empty());
    Plan undo = plan.undo(ID).orElseThrow();
    assertInstanceOf(Preflight.AlreadyDone.class, cluster.preflight(OTHER_ID, undo));
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(OTHER_ID, undo));
    assertEquals(Finding.ALREADY_DONE, cluster.inspect(OTHER_ID, undo).finding());
  }

  // Manifests.

  @Test
  void manifestsAreAppliedAndDeleted() {
    Plan.ApplyManifests plan = new Plan.ApplyManifests(List.of(policy("a"), policy("b")));
    assertEquals(
        new Observation.OfManifests(plan.manifests(), List.of()),
        cluster.observe(new Target.OfManifests(plan.manifests())));
    assertEquals(new Preflight.Ready(plan), cluster.preflight(ID, plan));
    assertEquals(Optional.empty(), world.labels(policy("a")), "a preflight changes nothing");
    assertEquals(Finding.UNTOUCHED, cluster.inspect(ID, plan).finding());
    assertApplied(ID, plan);
    assertEquals("true", world.labels(policy("a")).orElseThrow().get(MANAGED));
    assertEquals("edge", world.labels(policy("a")).orElseThrow().get("tier"), "its own label");
    assertEquals(ID.value(), world.annotations(policy("b")).orElseThrow().get(ACTION));
    assertEquals(Finding.EFFECTIVE, cluster.inspect(ID, plan).finding());
    assertInstanceOf(Settlement.Settled.class, cluster.settle(ID, plan));
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(ID, plan));
    Plan undo = plan.undo(ID).orElseThrow();
    assertEquals(new Preflight.Ready(undo), cluster.preflight(OTHER_ID, undo));
    assertEquals(Finding.UNTOUCHED, cluster.inspect(OTHER_ID, undo).finding());
    assertApplied(OTHER_ID, undo);
    world.eventually("both are gone", () -> world.labels(policy("b")).isEmpty());
    assertEquals(Optional.empty(), world.labels(policy("a")));
    assertInstanceOf(Settlement.Settled.class, cluster.settle(OTHER_ID, undo));
  }

  @Test
  void deletingWhatIsGoneIsAlreadyDone() {
    Plan undo = new Plan.DeleteManifests(List.of(policy("a")), Optional.of(ID));
    assertInstanceOf(Preflight.AlreadyDone.class, cluster.preflight(ID, undo));
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(ID, undo));
    assertEquals(Finding.ALREADY_DONE, cluster.inspect(ID, undo).finding());
  }

  @Test
  void aNameTakenBySomebodyElseIsRefusedWhole() {
    world.applyForeign(policy("b"));
    Plan.ApplyManifests plan = new Plan.ApplyManifests(List.of(policy("a"), policy("b")));
    assertEquals(
        new Observation.OfManifests(plan.manifests(), List.of(policy("b"))),
        cluster.observe(new Target.OfManifests(plan.manifests())));
    assertRefused(Reason.NOT_OURS, ID, plan);
    assertEquals(Finding.SUPERSEDED, cluster.inspect(ID, plan).finding());
    assertEquals(Optional.empty(), world.labels(policy("a")));
    assertFalse(world.labels(policy("b")).orElseThrow().containsKey(MANAGED));
  }

  @Test
  void somebodyElsesObjectIsNotDeleted() {
    world.applyForeign(policy("a"));
    Plan undo = new Plan.DeleteManifests(List.of(policy("a")), Optional.of(ID));
    assertRefused(Reason.NOT_OURS, ID, undo);
    assertTrue(world.labels(policy("a")).isPresent());
  }

  @Test
  void oursIsDeletedAndSomebodyElsesLeft() {
    Plan.ApplyManifests plan = new Plan.ApplyManifests(List.of(policy("a")));
    assertApplied(ID, plan);
    world.applyForeign(policy("b"));
    Plan undo = new Plan.DeleteManifests(List.of(policy("a"), policy("b")), Optional.of(ID));
    Outcome.Applied applied = assertApplied(OTHER_ID, undo);
    assertTrue(applied.detail().contains(policy("b").toString()), applied.detail());
    world.eventually("ours is gone", () -> world.labels(policy("a")).isEmpty());
    assertTrue(world.labels(policy("b")).isPresent());
    assertInstanceOf(Settlement.Settled.class, cluster.settle(OTHER_ID, undo));
  }

  @Test
  void whatIsOursIsAppliedAgainForAnotherAction() {
    Plan.ApplyManifests plan = new Plan.ApplyManifests(List.of(policy("a")));
    assertApplied(ID, plan);
    assertEquals(Finding.UNTOUCHED, cluster.inspect(OTHER_ID, plan).finding());
    assertApplied(OTHER_ID, plan);
    assertEquals(OTHER_ID.value(), world.annotations(policy("a")).orElseThrow().get(ACTION));
  }

  @Test
  void whatAnotherActionAppliedSinceIsLeftToIt() {
    Plan.ApplyManifests plan = new Plan.ApplyManifests(List.of(policy("a")));
    assertApplied(ID, plan);
    Plan undo = plan.undo(ID).orElseThrow();
    ActionId undoing = new ActionId("00000000000000aa");
    assertApplied(OTHER_ID, plan);
    assertInstanceOf(Preflight.AlreadyDone.class, cluster.preflight(undoing, undo));
    assertEquals(Finding.ALREADY_DONE, cluster.inspect(undoing, undo).finding());
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(undoing, undo));
    assertInstanceOf(Settlement.Settled.class, cluster.settle(undoing, undo));
    assertEquals(OTHER_ID.value(), world.annotations(policy("a")).orElseThrow().get(ACTION));
    assertEquals(Finding.EFFECTIVE, cluster.inspect(OTHER_ID, plan).finding());
    assertApplied(undoing, plan.undo(OTHER_ID).orElseThrow());
    world.eventually("it is gone", () -> world.labels(policy("a")).isEmpty());
  }

  @Test
  void whatAnEarlyVersionPlannedToDeleteIsDeletedWhoeverMadeIt() {
    Plan.ApplyManifests plan = new Plan.ApplyManifests(List.of(policy("a")));
    assertApplied(ID, plan);
    assertApplied(OTHER_ID, new Plan.DeleteManifests(plan.manifests(), Optional.empty()));
    world.eventually("it is gone", () -> world.labels(policy("a")).isEmpty());
  }

  @Test
  void aHalfDoneApplicationIsFinished() {
    assertApplied(ID, new Plan.ApplyManifests(List.of(policy("a"))));
    Plan.ApplyManifests whole = new Plan.ApplyManifests(List.of(policy("a"), policy("b")));
    assertEquals(Finding.UNTOUCHED, cluster.inspect(ID, whole).finding());
    assertFailed(Reason.TARGET_MISSING, cluster.settle(ID, whole));
    assertApplied(ID, whole);
    assertEquals(Finding.EFFECTIVE, cluster.inspect(ID, whole).finding());
  }

  @Test
  void aKindThatTheClusterDoesNotKnowIsMissing() {
    Manifest manifest =
        new Manifest(
            "unheard-of.example/v1",
            "Brake",
            world.namespace(),
            "a",
            "{\"apiVersion\":\"unheard-of.example/v1\",\"kind\":\"Brake\",\"metadata\":{\"name\":\"a\","
                + "\"namespace\":\""
                + world.namespace()
                + "\"}}");
    assertRefused(Reason.TARGET_MISSING, ID, new Plan.ApplyManifests(List.of(manifest)));
  }

  // The whole story, as people see it.

  @Test
  void transcript() {
    StringBuilder text = new StringBuilder();
    world.createDeployment(APP, 3, "covet:good-1");
    world.awaitComplete(APP);
    note(text, "covet:good-1 is deployed");
    for (int n = 2; n <= 4; n++) {
      release(n, "covet:good-" + n);
    }
    note(text, "three more releases, each with its cause");
    release(5, "covet:bad-5");
    world.annotate(APP, "team", "shop");
    copied(5, "team", "shop");
    note(text, "a bad release that becomes ready");
    Plan.RollBack plan = rollBackTo(2);
    text.append("preflight: ").append(name(cluster.preflight(ID, plan))).append('\n');
    text.append("apply: ").append(name(cluster.apply(ID, plan))).append('\n');
    text.append("apply again: ").append(name(cluster.apply(ID, plan))).append('\n');
    world.awaitComplete(APP);
    text.append("settle: ").append(name(cluster.settle(ID, plan))).append('\n');
    note(text, "Belay rolled back to revision 2");
    text.append(lines(world.undo(APP, 2)));
    text.append(lines(world.undo(APP, 6)));
    text.append(lines(world.undo(APP, 0)));
    world.awaitComplete(APP);
    note(text, "a person undid the rollback");
    text.append("inspect: ").append(cluster.inspect(ID, plan).finding()).append('\n');
    world.pause(APP);
    text.append(lines(world.undo(APP, 0)));
    Plan.RollBack whilePaused = rollBackTo(6);
    text.append("apply while paused: ")
        .append(name(cluster.apply(OTHER_ID, whilePaused)))
        .append('\n');
    world.resume(APP);
    text.append("apply once resumed: ")
        .append(name(cluster.apply(OTHER_ID, whilePaused)))
        .append('\n');
    Plan.RollBack fresh = rollBackTo(6);
    text.append("apply afresh: ").append(name(cluster.apply(OTHER_ID, fresh))).append('\n');
    world.awaitComplete(APP);
    note(text, "Belay rolled back again");
    world.setImage(APP, "covet:crash-6");
    world.eventually("revision 9 is made", () -> numbers(seen()).contains(9L));
    world.eventually(
        "one new pod waits",
        () -> world.status(APP).contains("1 out of 3 new replicas have been updated"));
    note(text, "a release that never becomes ready");
    text.append("apply an old plan: ").append(name(cluster.apply(ID, fresh))).append('\n');
    text.append(lines(world.undo(APP, 0)));
    world.awaitComplete(APP);
    note(text, "a person undid it");
    assertEquals(golden(), text.toString());
  }

  private void release(int number, String image) {
    world.setImage(APP, image);
    world.awaitComplete(APP);
    world.annotate(APP, CHANGE_CAUSE, "release " + number);
    copied(number, CHANGE_CAUSE, "release " + number);
  }

  /** Waits until the controller has copied the Deployment's annotation to the revision. */
  private void copied(long number, String key, String value) {
    world.eventually(
        key + " stands on revision " + number,
        () -> value.equals(world.revisionAnnotations(APP, number).get(key)));
    // An annotation moves the generation, which the controller has yet to observe.
    world.awaitComplete(APP);
  }

  private void note(StringBuilder text, String title) {
    Observation.OfWorkload seen = seen();
    text.append("== ").append(title).append('\n');
    text.append(lines(world.history(APP)));
    text.append(lines(world.status(APP)));
    text.append("generation ").append(seen.generation());
    text.append(seen.complete() ? ", complete" : ", not complete").append('\n');
    for (Revision revision : seen.revisions()) {
      text.append("revision ").append(revision.number()).append(' ').append(revision.images());
      text.append(" ready ").append(revision.readyReplicas());
      text.append(revision.digest().equals(seen.digest()) ? " present\n" : "\n");
    }
    world
        .annotations(APP)
        .forEach(
            (key, value) -> {
              // The digest depends on what the server fills in.
              if (!key.equals(ROLLED_BACK_FROM)) {
                text.append(key).append(": ").append(value).append('\n');
              }
            });
    text.append('\n');
  }

  private static String name(Object answer) {
    return switch (answer) {
      case Outcome.Refused refused -> "Refused " + refused.reason();
      case Preflight.Refused refused -> "Refused " + refused.reason();
      case Settlement.Failed failed -> "Failed " + failed.reason();
      default -> answer.getClass().getSimpleName();
    };
  }

  /** The lines of a text, less what people cannot see. */
  private static String lines(String text) {
    return text.lines()
        .map(String::stripTrailing)
        .filter(line -> !line.isEmpty())
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private static String golden() {
    try (InputStream file =
        Objects.requireNonNull(
            ClusterContract.class.getResourceAsStream("/scenarios/cluster-transcript.txt"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Words of these tests.

  private Workload workload(String name) {
    return new Workload("deployment", world.namespace(), name);
  }

  private Workload workload() {
    return new Workload("deployment", world.namespace(), APP);
  }

  private ConfigMapRef configMap() {
    return new ConfigMapRef(world.namespace(), FLAGS);
  }

  /** Rolls out one image after the other. */
  private void deploy(String first, String... later) {
    world.createDeployment(APP, 2, first);
    world.awaitComplete(APP);
    for (String image : later) {
      world.setImage(APP, image);
      world.awaitComplete(APP);
    }
  }

  private Observation.OfWorkload seen() {
    return assertInstanceOf(
        Observation.OfWorkload.class, cluster.observe(new Target.OfWorkload(workload())));
  }

  private static List<Long> numbers(Observation.OfWorkload seen) {
    return seen.revisions().stream().map(Revision::number).toList();
  }

  private Revision revision(long number) {
    return seen().revisions().stream()
        .filter(revision -> revision.number() == number)
        .findFirst()
        .orElseThrow();
  }

  private Revision current() {
    return seen().current().orElseThrow();
  }

  private Plan.RollBack rollBackTo(long number) {
    Observation.OfWorkload seen = seen();
    Revision to = revision(number);
    return new Plan.RollBack(
        seen.workload(),
        seen.uid(),
        seen.generation(),
        seen.digest(),
        to.uid(),
        to.digest(),
        to.number(),
        seen.current().map(Revision::images).orElse(List.of()),
        to.images(),
        Optional.empty());
  }

  private void flags(Map<String, String> values) {
    world.createConfigMap(FLAGS, values, false);
  }

  private Observation.OfConfigMap flagsSeen() {
    return assertInstanceOf(
        Observation.OfConfigMap.class, cluster.observe(new Target.OfConfigMap(configMap())));
  }

  private Plan.SetFlags setFlags(Map<String, String> set) {
    Observation.OfConfigMap seen = flagsSeen();
    SortedMap<String, Optional<String>> prior = new TreeMap<>();
    set.keySet().forEach(key -> prior.put(key, Optional.ofNullable(seen.values().get(key))));
    return new Plan.SetFlags(configMap(), seen.uid(), prior, new TreeMap<>(set));
  }

  private Manifest policy(String name) {
    return new Manifest(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        world.namespace(),
        name,
        """
        {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
         "metadata": {"name": "%s", "namespace": "%s", "labels": {"tier": "edge"}},
         "spec": {"podSelector": {"matchLabels": {"app": "covet"}}, "policyTypes": ["Ingress"]}}
        """
            .formatted(name, world.namespace()));
  }

  private Outcome.Applied assertApplied(ActionId id, Plan plan) {
    return assertInstanceOf(Outcome.Applied.class, cluster.apply(id, plan));
  }

  /** Both the preflight and the change itself say no, for the same reason, in words. */
  private void assertRefused(Reason reason, ActionId id, Plan plan) {
    Preflight.Refused before =
        assertInstanceOf(Preflight.Refused.class, cluster.preflight(id, plan));
    assertEquals(reason, before.reason(), before.detail());
    Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, cluster.apply(id, plan));
    assertEquals(reason, refused.reason(), refused.detail());
    assertFalse(refused.detail().isBlank());
  }

  private static void assertFailed(Reason reason, Settlement settlement) {
    Settlement.Failed failed = assertInstanceOf(Settlement.Failed.class, settlement);
    assertEquals(reason, failed.reason(), failed.detail());
  }
}

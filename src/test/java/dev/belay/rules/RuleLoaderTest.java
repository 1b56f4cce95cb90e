package dev.belay.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.release.Shipper;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.Step;
import dev.belay.core.rule.AlertGroup;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuleLoaderTest {
  private static final String SERVICE =
      """
      service: shop
      workload: deployment/shop/web
      match: { namespace: shop }
      rollback_triggers: { error_rate: "> 5% for 2 minutes" }
      """;

  @TempDir Path temp;
  private Written rules = new Written(Path.of("unset"));

  @BeforeEach
  void makeTheFolder() {
    rules = new Written(temp.resolve("rules"));
    rules.file(".hidden.yml", "this: is not looked at");
  }

  private List<String> problemsOf(String text) {
    return rules.file("a.yml", text).problems();
  }

  private void assertSays(String text, String... lines) {
    assertEquals(List.of(lines), problemsOf(text));
  }

  private static String step(String step) {
    return SERVICE
        + """
        remediations:
          - name: it
            when: [ rollback_triggers ]
            blame: { release: 1h }
            ladder:
        """
        + step.indent(6);
  }

  @Test
  void anEmptyFolderMeansNoRulesAndAWarning() {
    Loaded loaded = rules.load();
    assertEquals(RuleSet.EMPTY, loaded.rules());
    assertTrue(loaded.usable());
    assertTrue(
        loaded
            .problems()
            .getFirst()
            .toString()
            .endsWith(
                "rules: warning: holds no rule file (.yml or .yaml), so Belay looks at what it may"
                    + " read, and touches nothing"));
  }

  @Test
  void aMissingFileIsAProblemAndNotAnException() {
    Loaded loaded = RuleLoader.load(temp.resolve("absent.yml"));
    assertFalse(loaded.usable());
    assertTrue(
        loaded
            .problems()
            .getFirst()
            .toString()
            .endsWith("absent.yml: no such file; check the path"));
  }

  @Test
  void aServiceSaysAsLittleAsItNeeds() {
    rules.file("a.yml", step("- rollback: {}"));
    Loaded loaded = rules.load();
    assertEquals(List.of(), loaded.problems());
    Service shop = loaded.rules().services().getFirst();
    assertEquals(Limits.DEFAULT, shop.limits());
    assertEquals(Service.DEFAULT_SOAK, shop.soak());
    assertEquals(Mode.OBSERVE, shop.remediations().getFirst().mode());
    assertEquals(Optional.of(Duration.ofHours(1)), shop.remediations().getFirst().blame());
    List<Step> ladder = shop.remediations().getFirst().ladder();
    assertEquals(
        "deployment/shop/web",
        ((Action.Rollback) ladder.getFirst().action()).workload().toString());
    assertEquals(Optional.of(LadderReader.DEFAULT_VERIFY), ladder.getFirst().verify());
    assertEquals(new Action.Page(), ladder.getLast().action());
  }

  @Test
  void everyProblemIsSaidAtOnceWithItsPlace() {
    assertSays(
        """
        service: shop
        workload: Deployment/shop/web
        match: { namespace: shop }
        rollback_trigers: {}
        remediations:
          - name: it
            when: [ rollback_trigger ]
            mode: vetoo
            ladder:
              - rollback: { to: last }
        limits: { cooldown: 15, actions_per_hour: 0 }
        """,
        "a.yml:2:11: \"workload\": \"Deployment/shop/web\" is not a workload that Belay"
            + " knows; write it as KIND/NAMESPACE/NAME, such as deployment/covet/covet-app; kinds"
            + " are deployment, statefulset, daemonset, rollout",
        "a.yml:4:1: unknown key \"rollback_trigers\" in a rule file; did you mean"
            + " \"rollback_triggers\"?",
        "a.yml:7:13: an entry of \"when\": \"rollback_trigger\" is unknown; did you mean"
            + " \"rollback_triggers\"?",
        "a.yml:8:11: \"mode\": \"vetoo\" is not a mode; did you mean \"veto\"?",
        "a.yml:10:9: only a release that is to blame is rolled back; say how recent it may be, as"
            + " in blame: { release: 1h }",
        "a.yml:10:25: \"to\": \"last\" is nothing to roll back to; known here: last-good, previous",
        "a.yml:11:21: \"cooldown\": \"15\" has no unit; write 15s, 15m or 15h",
        "a.yml:11:43: \"actions_per_hour\" must be a whole number from 1 to 60");
  }

  @Test
  void aMisspeltServiceHidesNoOtherProblemAndMakesNone() {
    assertSays(
        """
        servce: shop
        workload: Deployment/shop/web
        match: { namespace: shop }
        rollback_triggers: { error_rate: "> 5% for 2 minutes" }
        remediations:
          - name: it
            when: [ rollback_triggers ]
            mode: vetoo
            ladder: [ { page: {} } ]
        """,
        "a.yml:1:1: unknown key \"servce\" in a rule file; did you mean \"service\"?",
        "a.yml:2:11: \"workload\": \"Deployment/shop/web\" is not a workload that Belay"
            + " knows; write it as KIND/NAMESPACE/NAME, such as deployment/covet/covet-app; kinds"
            + " are deployment, statefulset, daemonset, rollout",
        "a.yml:8:11: \"mode\": \"vetoo\" is not a mode; did you mean \"veto\"?");
  }

  @Test
  void whatStandsBelowAMisspeltKeyIsJudgedAsWell() {
    assertSays(
        """
        service: shop
        workload: deployment/shop/web
        match: { namespace: shop }
        remediatons:
          - name: it
            when: [ alertname=Errors ]
            mode: vetoo
            ladder: [ { page: {} } ]
        """,
        "a.yml:4:1: unknown key \"remediatons\" in a rule file; did you mean \"remediations\"?",
        "a.yml:7:11: \"mode\": \"vetoo\" is not a mode; did you mean \"veto\"?");
  }

  @Test
  void aServiceWithoutANameIsOneProblemBesideItsOthers() {
    assertSays(
        """
        workload: deployment/shop/web
        match: { namespace: shop }
        limits: { cooldown: 15 }
        """,
        "a.yml:1:1: this file describes a service without a name; add \"service: NAME\" to it",
        "a.yml:3:21: \"cooldown\": \"15\" has no unit; write 15s, 15m or 15h");
  }

  @Test
  void triggersForAllAreNotCalledUselessWhereAServiceThatAsksCouldNotBeRead() {
    rules.file("all.yml", "rollback_triggers: { error_rate: \"> 5% for 2 minutes\" }\n");
    rules.file(
        "a.yml",
        """
        servce: shop
        match: { namespace: shop }
        remediations:
          - { name: it, when: [ rollback_triggers ], ladder: [ { page: {} } ] }
        """);
    assertEquals(
        List.of("a.yml:1:1: unknown key \"servce\" in a rule file; did you mean \"service\"?"),
        rules.problems());
  }

  @Test
  void oneMistakeIsOneProblem() {
    assertSays(
        step("- flags: { config_map: c, set: none }").replace("[ rollback_triggers ]", "a=b"),
        "a.yml:7:11: \"when\" must be a list, not a text",
        "a.yml:10:38: \"set\" must be a mapping, not a text");
  }

  @Test
  void yamlThatIsNoneIsLocated() {
    List<String> problems = problemsOf("service: shop\nmatch: { namespace: shop\nlimits: {}\n");
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.getFirst().startsWith("a.yml:3:7: not YAML: "), problems::toString);
  }

  @Test
  void aKeyTwiceIsAnError() {
    assertSays(
        "service: shop\nservice: web\n",
        "a.yml:2:1: the key \"service\" is here twice, first in line 1; keep one of them");
  }

  @Test
  void aServiceTwiceIsAnErrorThatNamesTheOtherFile() {
    rules.file("a.yml", SERVICE);
    rules.file("b.yml", SERVICE);
    assertEquals(
        List.of(
            "b.yml:1:1: the service \"shop\" is already written in a.yml:1:1; keep one of them"),
        rules.problems());
  }

  @Test
  void twoServicesCannotShareAWorkload() {
    rules.file("a.yml", SERVICE);
    rules.file("b.yml", SERVICE.replace("service: shop", "service: other"));
    assertEquals(
        List.of(
            "b.yml:1:1: the workload of this service is already written in a.yml:1:1; keep one of"
                + " them"),
        rules.problems());
  }

  @Test
  void aRemediationThatAsksForTriggersNeedsSome() {
    assertSays(
        step("- rollback: {}").replaceFirst("rollback_triggers: .*\n", ""),
        "a.yml:6:13: no rollback_triggers are written for this service; add \"rollback_triggers\""
            + " to it, or a file that has only that key, for all services");
  }

  @Test
  void triggersThatNobodyTakesUpAreAWarning() {
    List<String> problems = problemsOf("rollback_triggers: { error_rate: '> 5% for 2m' }");
    assertTrue(problems.getFirst().startsWith("a.yml:1:1: warning: no service takes up"));
  }

  @Test
  void triggersThatNothingMeasuresAreSaidByPlace() {
    rules.file("all.yml", "rollback_triggers: { error_rate: \"> 5% for 2 minutes\" }\n");
    rules.file("own.yml", step("- page: {}"));
    rules.file("none.yml", "service: none\nmatch: { namespace: none }\n");
    String sentence =
        ": warning: these are measured only where the configuration has \"prometheus\", and never"
            + " fire without it; write it, or have Prometheus send alerts and name them under"
            + " \"when\"";
    assertEquals(List.of("own.yml:4:1" + sentence), rules.shown(rules.load().unmeasured()));
    rules.file(
        "taker.yml",
        """
        service: taker
        match: { namespace: taker }
        remediations:
          - { name: it, when: [ rollback_triggers ], ladder: [ { page: {} } ] }
        """);
    assertEquals(
        List.of("all.yml:1:1" + sentence, "own.yml:4:1" + sentence),
        rules.shown(rules.load().unmeasured()));
  }

  @Test
  void whatKeepsBelayFromEvaluatingAlertsIsSaidApart() {
    rules.file(
        "alerts.yml",
        """
        groups:
          - name: g
            interval: 30s
            query_offset: 10s
            limit: 5
            rules:
              - { record: a:b, expr: a }
              - alert: A
                expr: a
                labels: { a: "{{ $labels.x | toUpper }}", b: "{{ query `up` }}" }
                annotations: { c: "{{ query `up` }}" }
              - { alert: B, expr: b }
              - { alert: B, expr: c }
        """);
    Loaded loaded = rules.load();
    assertTrue(loaded.usable());
    assertFalse(loaded.evaluable());
    assertEquals(
        List.of(
            "alerts.yml:7:11: warning: Belay evaluates alerts and records no series; let Prometheus"
                + " record this one",
            "alerts.yml:10:9: the label \"b\" has a template that Belay does not expand when it"
                + " evaluates alerts; write {{ $labels.NAME }} or {{ $value }}, with a function"
                + " such as toUpper, humanize or printf if need be, or let Prometheus evaluate it",
            "alerts.yml:13:11: Belay cannot tell this alert from that in line 12; give one of them"
                + " another label or name"),
        rules.shown(loaded.unevaluable()));
    assertEquals(
        new AlertGroup(
            "alerts.yml", "g", Optional.of(Duration.ofSeconds(30)), Duration.ofSeconds(10), 5),
        loaded.rules().alertRules().getFirst().group());
  }

  @Test
  void ownTriggersBeatTheSharedOnes() {
    rules.file("a.yml", step("- rollback: {}"));
    rules.file("b.yml", "rollback_triggers: { error_rate: '> 50% for 2m' }");
    assertEquals(
        0.05, rules.load().rules().services().getFirst().triggers().getFirst().threshold());
  }

  @Test
  void aStepBeforeTheLastMustSayHowLongItHasToHelp() {
    assertSays(
        step("- rollback: {}\n- page: {}"),
        "a.yml:10:9: the steps after this one are never taken; say how long this one has to help,"
            + " as in verify: 10m");
  }

  @Test
  void aPageIsTheEndOfALadder() {
    assertSays(
        step("- page:\n- rollback: {}"),
        "a.yml:10:9: \"page\" is the last step of a ladder; move it to the end");
  }

  @Test
  void aStepIsExactlyOneAction() {
    assertSays(
        step("- rollback: {}\n  page: {}\n- verify: 1m"),
        "a.yml:10:9: a step has exactly one of rollback, flags, rate_limit, page; this one has"
            + " rollback and page",
        "a.yml:12:9: a step has exactly one of rollback, flags, rate_limit, page; this one has"
            + " none");
  }

  @Test
  void aRollbackHasNoLease() {
    List<String> problems = problemsOf(step("- rollback: {}\n  lease: 30m"));
    assertTrue(problems.getFirst().startsWith("a.yml:11:9: a rollback is not undone"));
  }

  @Test
  void flagsAreLeasedEvenWhereNobodySaysSo() {
    rules.file("a.yml", step("- flags: { config_map: shop, set: { A: false, B: \"1\" } }"));
    Loaded loaded = rules.load();
    assertEquals(List.of(), loaded.problems());
    Step step = loaded.rules().services().getFirst().remediations().getFirst().ladder().getFirst();
    assertEquals(Optional.of(LadderReader.DEFAULT_LEASE), step.lease());
    assertEquals("configmap/shop/shop", ((Action.Flags) step.action()).configMap().toString());
    assertEquals("{A=false, B=1}", ((Action.Flags) step.action()).set().toString());
  }

  @Test
  void withoutAWorkloadNothingIsRolledBackAndFlagsNameTheirNamespace() {
    assertSays(
        step("- rollback: {}\n  verify: 1m\n- flags: { config_map: shop, set: { A: \"1\" } }")
            .replaceFirst("workload: .*\n", ""),
        "a.yml:9:9: nothing to roll back; add workload: deployment/NAMESPACE/NAME to the service",
        "a.yml:11:16: which namespace? Add \"namespace\" here, or \"workload\" to the service");
  }

  @Test
  void aMatchThatMatchesEverythingIsRefused() {
    String wrong =
        ":3:1: \"match\" would match an alert that has no labels at all; ask for a label";
    for (String match : List.of("[ 'namespace!=\"x\"' ]", "[ a=~\".*\" ]", "{}", "[]")) {
      List<String> problems = problemsOf(SERVICE.replace("{ namespace: shop }", match));
      assertTrue(problems.getFirst().contains(wrong), () -> match + " " + problems);
    }
  }

  @Test
  void aNameByWhichAToolAnnouncesIsReadOrRefusedAtItsPlace() {
    rules.file(
        "a.yml",
        "service: shop\nannounced_as: { argocd: shop-prod, flux: helmrelease/shop/web,"
            + " github: Acme/Shop }\n");
    assertEquals(
        Map.of(
            Shipper.ARGOCD, "shop-prod",
            Shipper.FLUX, "helmrelease/shop/web",
            Shipper.GITHUB, "acme/shop"),
        rules.load().rules().services().getFirst().announcedAs());
    assertSays(
        "service: shop\nannounced_as:\n  flux: shop/web\n  github: shop\n  argo: shop\n",
        "a.yml:3:9: \"flux\": \"shop/web\" is no object that Flux releases by; write it as"
            + " kustomization/NAMESPACE/NAME or helmrelease/NAMESPACE/NAME",
        "a.yml:4:11: \"github\": \"shop\" is no repository; write it as OWNER/NAME, such as"
            + " acme/covet",
        "a.yml:5:3: unknown key \"argo\" in \"announced_as\"; known here: argocd, flux, github");
  }

  @Test
  void alertsInWhenNeedAMatch() {
    List<String> problems =
        problemsOf(
            step("- page: {}")
                .replace("match: { namespace: shop }\n", "")
                .replace("when: [ rollback_triggers ]", "when: [ alertname=X ]"));
    assertTrue(problems.getFirst().contains("no alert can be this service's"), problems::toString);
  }

  @Test
  void anAlertThatNoGroupHasIsAWarningWithAGuess() {
    rules.file(
        "g.yml", "groups: [ { name: g, rules: [ { alert: HighLatency, expr: up == 0 } ] } ]");
    rules.file(
        "a.yml", step("- page: {}").replace("[ rollback_triggers ]", "[ alertname=HighLatencey ]"));
    assertEquals(
        List.of(
            "a.yml:7:13: warning: no loaded group has an alert named \"HighLatencey\"; did you mean"
                + " HighLatency?"),
        rules.problems());
    assertTrue(rules.load().usable());
  }

  @Test
  void whatIsWrongInOnePlaceHidesNothingInAnother() {
    assertSays(
        """
        environments:
          one: { namespace: Shop, mode: acct }
        """,
        "a.yml:2:8: the key \"cluster\" is missing; write the cluster's name",
        "a.yml:2:21: \"namespace\": \"Shop\" cannot be a namespace; write up to 63 lower-case"
            + " letters, digits and \"-\"",
        "a.yml:2:33: \"mode\": \"acct\" is not a mode; did you mean \"act\"?");
    assertSays(
        """
        service: shop
        remediations:
          - { name: it, when: [ 'alertname==A' ], ladder: [ page: {} ] }
        """,
        "a.yml:3:25: an entry of \"when\": the matcher \"alertname==A\" has \"==\"; write a"
            + " single \"=\"",
        "a.yml:3:25: no alert can be this service's; say which are by \"match\", as in"
            + " match: { namespace: covet }");
  }

  @Test
  void environmentsAreToldApartByNameAndNamespace() {
    assertSays(
        """
        environments:
          one: { cluster: c, namespace: shop, mode: propose 1h }
          two: { cluster: d, namespace: shop, modes: act }
        """,
        "a.yml:3:3: the namespace \"shop\" already belongs to the environment \"one\" (a.yml:2:3),"
            + " and Belay tells environments apart by it; drop one",
        "a.yml:3:39: unknown key \"modes\" in an environment; did you mean \"mode\"?");
  }

  @Test
  void aPrometheusFileIsReadAsStrictlyAsPrometheusDoes() {
    assertSays(
        """
        groups:
          - name: g
            rules:
              - { alert: A, record: B, expr: up }
              - { expr: up }
              - { alert: A }
              - { record: r, expr: up, for: 5m, annotations: { a: b } }
              - { alert: A, expr: up, for: 2 minutes }
              - { alert: B, expr: up, for: 30m1h, keep_fireing_for: 5m, labels: { __name__: x } }
          - name: g
            interval: 5
          - rules: []
        """,
        "a.yml:4:9: a rule has either \"alert\" or \"record\", and this one has both",
        "a.yml:5:9: a rule has either \"alert\" or \"record\", and this one has neither",
        "a.yml:6:9: the key \"expr\" is missing; write the PromQL expression",
        "a.yml:7:32: a recording rule cannot have \"for\"; only an alert can",
        "a.yml:7:41: a recording rule cannot have \"annotations\"; only an alert can",
        "a.yml:8:11: warning: \"A\" with the same labels is in this group twice, first in line 6;"
            + " tell them apart by a label or drop one",
        "a.yml:8:36: \"for\": \"2 minutes\" is not a duration; write it as 30s, 5m or 1h30m, the"
            + " largest unit first",
        "a.yml:9:36: \"for\": \"30m1h\" is not a duration; write it as 30s, 5m or 1h30m, the"
            + " largest unit first",
        "a.yml:9:43: unknown key \"keep_fireing_for\" in a rule; did you mean \"keep_firing_for\"?",
        "a.yml:9:75: \"__name__\" cannot be a label of a rule; rename it",
        "a.yml:10:5: the group \"g\" is in this file twice, first in line 2; rename one",
        "a.yml:11:15: \"interval\": \"5\" has no unit; write 5s, 5m or 5h",
        "a.yml:12:5: the key \"name\" is missing; give the group a name");
  }

  @Test
  void groupLabelsGoToItsRulesWhoseOwnWin() {
    rules.file(
        "a.yml",
        """
        groups:
          - name: g
            labels: { team: a, severity: low }
            rules: [ { alert: A, expr: up, labels: { severity: high } }, { record: r, expr: 1 } ]
        """);
    assertEquals(
        "{severity=high, team=a}",
        rules.load().rules().alertRules().getFirst().labels().toString());
  }

  @Test
  void aManifestMayNotLeadOutOfTheRules() throws IOException {
    Files.writeString(temp.resolve("in.yml"), "x: y");
    Path outside = Files.createTempFile("outside", ".yml");
    try {
      Files.createSymbolicLink(rules.folder().resolve("link"), outside);
      String out = "leads out of " + temp;
      assertTrue(limited("../../x.yml").contains(out));
      assertTrue(limited(outside.toString()).contains(out));
      assertTrue(limited("link").contains("is a link that leads out of"));
      assertTrue(limited("absent.yml").contains("no file \"absent.yml\""));
      assertTrue(limited("../in.yml").contains("needs texts for apiVersion"));
    } finally {
      Files.delete(outside);
    }
  }

  private String limited(String path) {
    return problemsOf(step("- rate_limit: { apply: '" + path + "' }")).toString();
  }

  @Test
  void aManifestOfManyDocumentsIsReadWhole() {
    rules.file(
        "configs/m.yml",
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: a, namespace: edge }
        data: { n: "1" }
        ---
        # nothing here
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: b }
        spec: { podSelector: {}, weight: 1.5, on: true, none: null, big: 7 }
        """);
    rules.file("a.yml", step("- rate_limit: { apply: configs/m.yml }"));
    Loaded loaded = rules.load();
    assertEquals(List.of(), loaded.problems());
    var action =
        (Action.RateLimit)
            loaded
                .rules()
                .services()
                .getFirst()
                .remediations()
                .getFirst()
                .ladder()
                .getFirst()
                .action();
    assertEquals("[configmap/edge/a, networkpolicy/shop/b]", action.manifests().toString());
    assertEquals(
        "{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"NetworkPolicy\","
            + "\"metadata\":{\"name\":\"b\",\"namespace\":\"shop\"},"
            + "\"spec\":{\"podSelector\":{},\"weight\":1.5,\"on\":true,\"none\":null,\"big\":7}}",
        action.manifests().getLast().json());
  }

  @Test
  void aManifestWithAnAmbiguousNumberIsRefusedAtItsPlace() {
    rules.file("m.yaml.txt", "apiVersion: v1\nkind: X\nmetadata: { name: a }\nmode: 0755\n");
    assertTrue(limited("m.yaml.txt").contains("m.yaml.txt:4:7: \"0755\" is read differently"));
  }

  @Test
  void theDigestChangesWithAnyFileAndOnlyThen() {
    rules.file("configs/m.yml", "{ apiVersion: v1, kind: X, metadata: { name: a } }");
    rules.file("a.yml", step("- rate_limit: { apply: configs/m.yml }"));
    String digest = rules.load().digest();
    assertEquals(digest, rules.load().digest());
    assertEquals(64, digest.length());
    rules.file("configs/m.yml", "{ apiVersion: v1, kind: X, metadata: { name: b } }");
    assertNotEquals(digest, rules.load().digest());
  }
}

package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.intake.http.Authentication;
import dev.belay.intake.http.Credentials;
import dev.belay.intake.http.Role;
import dev.belay.sandbox.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The console in a real browser, while the sandbox's stories are played to a whole daemon. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ConsoleIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final List<String> VIEWS =
      List.of("now", "decisions", "leases", "rules", "releases", "people");

  @TempDir private static Path profile = Path.of("");
  private static Optional<Browser> opened = Optional.empty();

  @TempDir private Path folder = Path.of("");
  @RegisterExtension final Opened keep = new Opened();
  private Browser browser = opened.orElseThrow();

  @BeforeAll
  static void open() {
    opened = Optional.of(Browser.open(profile));
  }

  @AfterAll
  static void quit() {
    opened.ifPresent(Browser::close);
  }

  @BeforeEach
  void begin() {
    browser = opened.orElseThrow().wide(Browser.DESK).night(false);
    browser.go("about:blank");
  }

  /** Whatever was looked at: its policy was kept, and nobody else was asked for anything. */
  @AfterEach
  void clean() {
    browser.assertClean();
  }

  private Stage play(Scenario story, String mode, Authentication gate) {
    return keep.keep(
        Stage.play(
            folder, story, rules -> rules.replaceAll("mode: veto \\ds", "mode: " + mode), gate));
  }

  private Stage play(Scenario story, String mode) {
    return play(story, mode, Authentication.none());
  }

  /** Plays a story before somebody who looks at what is going on now. */
  private Stage watch(Scenario story, String mode) {
    Stage stage = play(story, mode);
    look(stage, "now");
    return stage;
  }

  private void look(Stage stage, String view) {
    browser.go(stage.url() + "/#/" + view);
  }

  /** Looks at a view, and sees this there. */
  private void find(Stage stage, String view, String selector, String text) {
    look(stage, view);
    browser.see(selector, text);
  }

  @Test
  void whatIsProposedIsDoneOnceItIsApprovedByAClick() {
    Stage stage = watch(Scenario.BAD_RELEASE, "propose 2m");
    browser.see(".empty", "Nothing is wrong that Belay knows of.");
    browser.see(".card", "Waits for approval");
    browser.see("time-left", ":");
    browser.picture("now-proposed");
    browser.night(true).picture("now-proposed-dark");
    browser.night(false);
    browser.press("Approve…");
    browser.see("dialog", "Approve for covet?");
    browser.see("dialog .before", "covet:bad-1.2");
    browser.see("dialog .after", "covet:good-1.1");
    browser.picture("approve-dialog");
    assertEquals(0, stage.effects());
    browser.press("Go back");
    assertEquals(0, stage.effects());
    browser.press("Approve…");
    browser.press("Approve and do it");
    browser.see(".toast", "approved it.");
    Eventually.holds("it is done", SOON, () -> stage.effects() == 1);
    browser.see(".rows", "Over");
    look(stage, "incidents/covet-1");
    browser.see(".notice", "The trouble ended within the verification window.");
    browser.see(".events", "api approved");
    browser.see("section[aria-labelledby=changes]", "Outcome: took effect;");
    assertMarked("R", "Release covet:bad-1.2 began");
    assertMarked("A", "Alert HighErrorRate fires");
    assertMarked("D", "Doing it now");
    assertMarked("V", "The trouble has until");
    assertMarked("E", "is over");
    assertTrue(browser.number("document.querySelectorAll('.plot canvas').length") >= 1);
    for (boolean night : List.of(false, true)) {
      browser.night(night).picture("incident" + (night ? "-dark" : ""));
      browser.wide(Browser.PHONE).picture("incident-phone" + (night ? "-dark" : ""));
      browser.wide(Browser.DESK);
    }
    assertEquals(
        "0,0 2,1 4,2 12,0 40,0",
        browser.script(
            """
            const main = document.querySelector("script[type=module]").src;
            return import(main.replace("main.js", "chart.js")).then(({ stagger }) =>
              stagger([0, 2, 4, 6, 40]).map(({ at, row }) => `${at},${row}`).join(" "))\
            """));
    assertDeploymentLog();
    find(stage, "people", ".events", "Approved");
    find(stage, "rules", ".record", "right");
    browser.see(".notice", "In force: rules digest, read");
    browser.press("Read them anew");
    browser.see(".toast", "Configuration and rules are good, and are being taken over.");
    find(stage, "releases?service=covet", "a[download]", "7 days");
    assertDeploymentLog();
    assertEquals(1, stage.effects());
    stage.goAway();
    stage.comeBack();
    look(stage, "incidents/covet-1");
    assertMarked("D", "Doing it now");
    assertTrue(
        browser.number("document.querySelectorAll('.plot canvas').length") >= 1,
        "the chart is part of the record");
    browser.see(".chart", "bad above 5 %");
  }

  /** What happened is marked on the chart, and said beside it for those who do not see that. */
  private void assertMarked(String letter, String words) {
    String mark = browser.see(".marks li", words).getText();
    assertTrue(mark.startsWith(letter), mark);
  }

  /** The link in sight leads to it. */
  private void assertDeploymentLog() {
    String log =
        browser
            .script(
                "return fetch(document.querySelector('a[download$=\"-deployments.md\"]').href)"
                    + ".then(answer => answer.text())")
            .toString();
    assertTrue(log.startsWith("# Deployments of covet, "), log);
    assertTrue(log.contains("covet:bad-1.2"), log);
  }

  @Test
  void aVetoByAClickStopsACountdown() {
    Stage stage = watch(Scenario.BAD_RELEASE, "veto 40s");
    browser.see(".card", "Counting down");
    browser.picture("now-countdown");
    browser.night(true).picture("now-countdown-dark");
    browser.wide(Browser.PHONE).picture("now-countdown-phone-dark");
    browser.night(false).picture("now-countdown-phone");
    browser.press(".card", "Hold everything…");
    browser.write("dialog input", "wait a moment");
    browser.press("Hold everything");
    browser.see(".notice", "api: wait a moment");
    browser.seeNo(".card", "Counting down");
    browser.press("Release…");
    browser.press("Release");
    browser.see(".card", "Counting down");
    browser.press("Veto");
    browser.see(".toast", "objected; it is not done.");
    browser.seeNo(".card", "Counting down");
    find(stage, "incidents/covet-1", ".events", "A person objected.");
    find(stage, "people", ".events", "Vetoed");
    assertEquals(0, stage.effects());
  }

  @Test
  void withoutMetricsNothingIsDoneAndAPersonWhoIsCalledAnswersByAClick() {
    Stage stage = watch(Scenario.METRICS_GONE, "veto 2s");
    browser.see(".card", "A person is needed");
    browser.press("I am on it");
    browser.see(".toast", "api is on it.");
    browser.press("Take in hand, 30 min");
    browser.see(".toast", "api has it in hand; nobody is told and nothing is begun.");
    browser.see(".card", "api has it in hand until");
    browser.seeNo(".card button", "Take in hand, 30 min");
    browser.picture("now-in-hand");
    find(stage, "incidents/covet-1", ".chart", "readings are unknown");
    browser.picture("metrics-gone");
    find(stage, "people", ".events", "Took in hand");
    browser.see(".events", "On it");
    find(stage, "decisions", ".events", "covet-1");
    browser.write("input[name=service]", "covet");
    browser.press("Show");
    browser.see("main", "its releases and deployment log");
    browser.see(".events", "covet-1");
    browser.see("main", "There is nothing older.");
    browser.seeNo("button", "Older");
    browser.write("input[name=service]", "-and-no-other");
    browser.press("Show");
    browser.see(".empty", "No decision of this kind is known.");
    assertEquals(0, stage.effects());
  }

  @Test
  void aHoldIsSetWithAReasonAndReleased() {
    watch(Scenario.OLD_ALERT, "veto 2s");
    browser.press("Hold everything…");
    browser.see("dialog", "Put everything on hold?");
    browser.picture("hold-dialog");
    browser.press("Hold everything");
    browser.see("dialog", "Put everything on hold?");
    browser.write("dialog input", "the database <b>moves</b>");
    browser.keys(Keys.ENTER);
    browser.see(".notice", "api: the database <b>moves</b>");
    browser.picture("now-held");
    browser.press("Release…");
    browser.see("dialog", "It was set by api: the database");
    browser.press("Release");
    browser.see(".notice", "Belay is at work.");
  }

  @Test
  void everythingIsReachedByTheKeyboardAlone() {
    Stage stage = watch(Scenario.BAD_RELEASE, "propose 2m");
    browser.see(".card", "Waits for approval");
    browser.script("document.activeElement.blur()");
    StringBuilder way = new StringBuilder();
    for (int i = 0; i < 30 && !browser.focus().startsWith("Approve"); i++) {
      browser.keys(Keys.TAB);
      way.append(browser.focus()).append(" | ");
    }
    for (String station : List.of("Skip to the content", "Belay", "People", "covet", "Approve…")) {
      assertTrue(way.toString().contains(station), way.toString());
    }
    browser.keys(Keys.ENTER);
    browser.see("dialog", "Approve for covet?");
    assertEquals("Approve and do it", browser.focus());
    browser.picture("keyboard-focus");
    browser.keys(Keys.ESCAPE);
    browser.seeNo("dialog", "Approve for covet?");
    assertEquals("Approve…", browser.focus(), "the focus comes back to where it was");
    browser.keys(Keys.ENTER);
    browser.see("dialog", "Approve for covet?");
    browser.keys(Keys.ENTER);
    browser.see(".toast", "approved it.");
    Eventually.holds("it is done", SOON, () -> stage.effects() == 1);
  }

  @Test
  void whatOthersWroteIsOnlyText() {
    Stage stage = play(Scenario.OVERLOAD, "act");
    String hostile = "<img src=//elsewhere.example/x onerror=document.title='owned'>";
    String script = "</script><script>document.title='owned'</script>";
    stage.post(
        "/api/v2/alerts",
        "[{\"labels\":{\"alertname\":\""
            + hostile
            + "\",\"namespace\":\"covet\",\"odd\":\""
            + script
            + "\u202e"
            + "w".repeat(900)
            + "\"}}]");
    stage.post(
        "/api/v1/events",
        "{\"id\":\"1\",\"source\":\""
            + script
            + "\",\"service\":\"covet\",\"version\":\""
            + hostile
            + "\",\"actor\":\""
            + script
            + "\"}");
    stage.post("/api/v1/incidents/covet-1/veto", "{\"person\":\"" + script + "\"}");
    stage.post("/api/v1/hold", "{\"person\":\"" + script + "\",\"why\":\"" + hostile + "\"}");
    browser.wide(Browser.PHONE);
    for (String view : List.of("now", "incidents/covet-1", "decisions", "releases", "people")) {
      look(stage, view);
      browser.see("main", view.equals("people") ? "document.title='owned'" : "covet");
      browser.see("main", "<");
      assertEquals(
          0, browser.number("document.querySelectorAll('img, iframe, main script').length"));
      assertFalse(browser.title().contains("owned"), browser.title());
      browser.assertFits(view);
    }
    browser.picture("hostile-phone");
    find(stage, "incidents/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "h1", "<script>alert(1)</script>");
  }

  @Test
  void thePageComesBackWhenBelayDoes() {
    Stage stage = watch(Scenario.OLD_ALERT, "veto 2s");
    browser.see(".line", "live");
    stage.goAway();
    browser.see(".line", "reconnecting…");
    browser.picture("reconnecting");
    stage.comeBack();
    browser.see(".line", "live");
    stage.post("/api/v1/hold", "{\"why\":\"after the break\"}");
    browser.see(".notice", "after the break");
  }

  @Test
  void manyTabsLeaveTheOneThatIsLookedAtItsConnections() {
    Stage stage = watch(Scenario.OLD_ALERT, "veto 2s");
    String first = browser.inFront();
    try {
      for (int i = 0; i < 8; i++) {
        browser.tab();
        look(stage, "now");
        browser.see("h1", "Now");
        browser.see(".line", "live");
      }
      stage.post("/api/v1/hold", "{\"why\":\"behind the others\"}");
      browser.look(first);
      browser.see(".line", "live");
      browser.see(".notice", "behind the others");
      browser.press("Release…");
      browser.press("Release");
      browser.see(".toast", "The hold is over.");
    } finally {
      browser.keepOnly(first);
    }
  }

  @Test
  void whatIsNotAnsweredInTimeIsSaid() {
    watch(Scenario.OLD_ALERT, "veto 2s");
    browser.see(".line", "live");
    browser.script("AbortSignal.timeout = () => AbortSignal.abort()");
    browser.press("Hold everything…");
    browser.write("dialog input", "it hangs");
    browser.press("Hold everything");
    browser.see(".toast", "Belay has not answered for 20 s; whether it heard is not known");
  }

  @Test
  void anIncidentIsAskedForAgainAfterNewsOfItsServiceAndOnlyWhileSomebodyLooks() {
    Stage stage = watch(Scenario.METRICS_GONE, "veto 2s");
    browser.see(".card", "A person is needed");
    look(stage, "incidents/covet-1");
    browser.see(".events", "Opened");
    assertFalse(asksAfter("[{ kind: 'decided', services: ['other'] }], more: 0"));
    assertFalse(asksAfter("[{ kind: 'alert_ended', services: [] }], more: 0"));
    assertTrue(asksAfter("[{ kind: 'decided', services: ['covet'] }], more: 0"));
    assertTrue(asksAfter("[{ kind: 'held', services: [] }], more: 0"));
    assertTrue(asksAfter("[{ kind: 'decided', services: ['other'] }], more: 1"));

    hidden(true);
    long before = asked();
    stage.post("/api/v1/hold", "{\"why\":\"nobody looks\"}");
    assertEquals(before, asked());
    hidden(false);
    Eventually.holds("it asks once somebody looks", SOON, () -> asked() > before);
  }

  /** Whether the view is about to ask again once it hears this. */
  private boolean asksAfter(String facts) {
    return Boolean.TRUE.equals(
        browser.script(
            """
            const main = document.querySelector("script[type=module]").src;
            return import(main.replace("main.js", "live.js")).then(({ live }) => {
              const asked = document.querySelector("incident-view").asked;
              clearTimeout(asked.later);
              asked.later = undefined;
              live.dispatchEvent(new CustomEvent("news", { detail: { facts: %s } }));
              return asked.later !== undefined;
            })\
            """
                .formatted(facts)));
  }

  private void hidden(boolean hidden) {
    browser.script(
        "Object.defineProperty(document, 'hidden', { configurable: true, value: %s });"
                .formatted(hidden)
            + "document.dispatchEvent(new Event('visibilitychange'))");
  }

  /** How often the incident was asked for. */
  private long asked() {
    return browser.number("document.querySelector('incident-view').asked.turn");
  }

  @Test
  void aStormOfTwoHundredServicesIsSearchedAndScrolled() {
    Stage stage = watch(Scenario.ALERT_STORM, "veto 3s");
    browser.see(".notice", "The storm brake is engaged");
    browser.see("#services .count", "200");
    browser.see("#open .count", "200");
    assertTrue(browser.number("document.querySelectorAll('.service').length") < 60);
    browser.script("document.querySelector('.window').scrollTop = 1e9");
    browser.see(".service .name", "svc-200");
    assertEquals(12, browser.number("document.querySelectorAll('.cards .card').length"));
    browser.script("scrollTo(0, 0)");
    browser.picture("storm");
    browser.write("service-table input", "SVC-07");
    browser.see("#services .count", "10");
    browser.see(".service .name", "svc-070");
    browser.wide(Browser.PHONE).assertFits("the storm");
    browser.picture("storm-phone");
    find(stage, "decisions", ".events", "svc-");
    long shown = decisions();
    browser.press("Older");
    Eventually.holds("older ones follow", SOON, () -> decisions() > shown);
    find(stage, "rules", ".rule", "svc-050");
    assertEquals(50, browser.number("document.querySelectorAll('.rule').length"));
    browser.press("Show more of 200");
    browser.see(".rule", "svc-100");
    assertEquals(100, browser.number("document.querySelectorAll('.rule').length"));
  }

  /** How many decisions are shown. */
  private long decisions() {
    return browser.number("document.querySelectorAll('.events > li').length");
  }

  @Test
  void aViewerSeesEverythingAndIsOfferedNothing() {
    Authentication gate =
        Authentication.of(
            new Credentials(
                List.of(new Credentials.Token("stage", Role.ADMIN)),
                List.of(
                    new Credentials.User("eve", "secret", Role.VIEWER),
                    new Credentials.User("ada", "secret", Role.OPERATOR)),
                Optional.empty()),
            Set.of());
    Stage stage = play(Scenario.BAD_RELEASE, "propose 2m", gate);
    browser.go(stage.url().replace("//", "//eve:secret@") + "/livez");
    browser.go(stage.url().replace("//", "//eve:secret@") + "/api/v1/me");
    look(stage, "now");
    browser.see(".bottom", "eve, viewer");
    browser.see(".card", "To answer needs the role operator.");
    browser.see(".line", "live");
    assertEquals(
        0, browser.number("document.querySelectorAll('.card button, .banner button').length"));
    // A name and a password in the address itself, as people paste it.
    browser.go(stage.url().replace("//", "//eve:secret@") + "/#/people");
    browser.see("h1", "People");
    browser.see(".bottom", "eve, viewer");
  }

  private void holdAndRelease(Stage stage) {
    look(stage, "now");
    browser.press("Hold everything…");
    browser.write("dialog input", "the database moves");
    browser.keys(Keys.ENTER);
    browser.see(".notice", "the database moves");
    browser.press("Release…");
    browser.press("Release");
    browser.seeNo(".notice", "the database moves");
  }

  @Test
  void everyViewFitsEveryWindowByDayAndByNight() {
    Stage stage = play(Scenario.OVERLOAD, "act");
    look(stage, "leases");
    browser.see(".empty", "No mitigation is in force.");
    browser.see(".card", "In force");
    // So that there is something to see of what people did.
    holdAndRelease(stage);
    find(stage, "people", ".events", "released the hold");
    for (int width : List.of(Browser.DESK, Browser.PHONE)) {
      for (boolean night : List.of(false, true)) {
        browser.wide(width).night(night);
        for (String view : VIEWS) {
          look(stage, view);
          browser.see("h1", "");
          browser.seeNo("main", "One moment.");
          browser.assertFits(view + " at " + width);
          browser.picture(view + (width == Browser.PHONE ? "-phone" : "") + (night ? "-dark" : ""));
        }
      }
    }
  }
}

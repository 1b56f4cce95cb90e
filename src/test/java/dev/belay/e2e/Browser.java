package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Chromium without a screen, which notes what its pages ask for and complain about. */
public final class Browser implements AutoCloseable {
  static final int PHONE = 360;
  static final int DESK = 1280;
  private static final Duration SOON = Duration.ofSeconds(45);
  private static final Path PICTURES = Path.of("target/screenshots");

  private final ChromeDriver driver;
  private final List<String> complaints = new ArrayList<>();
  private final TreeSet<String> hosts = new TreeSet<>();

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts one; the calling test is skipped where there is none on this machine. */
  public static Browser open(Path folder) {
    Programs.assumePresent(Programs.CHROMIUM, Programs.CHROMEDRIVER);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(Programs.path(Programs.CHROMIUM));
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless=new",
        // Its own walls need rights that a build's user seldom has.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + folder.resolve("profile"));
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of(Programs.path(Programs.CHROMEDRIVER)).toFile())
            .usingAnyFreePort()
            .build();
    Browser browser = new Browser(new ChromeDriver(service, options));
    browser.wide(DESK).night(false);
    return browser;
  }

  Browser wide(int pixels) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", pixels, "height", 800, "deviceScaleFactor", 1, "mobile", pixels == PHONE));
    return this;
  }

  Browser night(boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    return this;
  }

  /** Opens an address; one that differs in what follows the # only is gone to within the page. */
  public void go(String url) {
    driver.get(url);
  }

  /** Opens one more tab, which is in front then. */
  String tab() {
    driver.switchTo().newWindow(WindowType.TAB);
    return driver.getWindowHandle();
  }

  /** The tab that is looked at. */
  String inFront() {
    return driver.getWindowHandle();
  }

  /** Looks at a tab; the others are behind it then. */
  void look(String tab) {
    driver.switchTo().window(tab);
    driver.executeCdpCommand("Page.bringToFront", Map.of());
  }

  /** Closes every tab but this. */
  void keepOnly(String tab) {
    for (String other : driver.getWindowHandles()) {
      if (!other.equals(tab)) {
        driver.switchTo().window(other);
        driver.close();
      }
    }
    look(tab);
  }

  /** Waits until the selector finds something in which the text stands. */
  public WebElement see(String selector, String text) {
    return shown("the page shows \"" + text + "\" in " + selector, () -> find(selector, text));
  }

  private WebElement shown(String what, Supplier<Optional<WebElement>> question) {
    try {
      return Eventually.gives(what, SOON, question);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; it shows:\n" + body(), e);
    }
  }

  /** Waits until the selector finds nothing in which the text stands. */
  void seeNo(String selector, String text) {
    Eventually.holds(
        "the page no longer shows \"" + text + "\" in " + selector,
        SOON,
        () -> find(selector, text).isEmpty());
  }

  private Optional<WebElement> find(String selector, String text) {
    return among(selector, words -> words.contains(text));
  }

  private Optional<WebElement> among(String selector, Predicate<String> words) {
    try {
      return driver.findElements(By.cssSelector(selector)).stream()
          .filter(WebElement::isDisplayed)
          .filter(element -> words.test(element.getText()))
          .findFirst();
    } catch (StaleElementReferenceException e) {
      // It was rendered anew meanwhile.
      return Optional.empty();
    }
  }

  String body() {
    return driver.findElement(By.tagName("body")).getText();
  }

  String title() {
    return String.valueOf(driver.getTitle());
  }

  /** Presses a button by all of its words; where a dialog is open, one of the dialog's. */
  public void press(String words) {
    press("body", words);
  }

  /**
   * Presses a button by all of its words, of those within what the selector finds. A dialog that is
   * about to open is waited for: what leads to it ends in an ellipsis, its own button does not.
   */
  void press(String selector, String words) {
    for (int attempt = 0; ; attempt++) {
      try {
        shown(
                "the page has a button \"" + words + "\" in " + selector,
                () -> button(selector, words))
            .click();
        return;
      } catch (StaleElementReferenceException e) {
        if (attempt == 3) {
          throw e;
        }
      }
    }
  }

  private Optional<WebElement> button(String selector, String words) {
    boolean asks = !driver.findElements(By.cssSelector("dialog[open]")).isEmpty();
    return among((asks ? "dialog[open]" : selector) + " button", words::equals);
  }

  void write(String selector, String text) {
    see(selector, "").sendKeys(text);
  }

  /** Presses keys one after another, wherever the focus is. */
  void keys(Keys... keys) {
    for (Keys key : keys) {
      new Actions(driver).sendKeys(key).perform();
    }
  }

  /** What the element is called that has the focus. */
  String focus() {
    return String.valueOf(
        script(
            "const e = document.activeElement; return (e.innerText || e.ariaLabel || e.name ||"
                + " '').trim()"));
  }

  Object script(String text) {
    return Objects.requireNonNullElse(driver.executeScript(text), "");
  }

  public long number(String expression) {
    return ((Number) script("return " + expression)).longValue();
  }

  /** A picture of the whole page, kept as the build's output. */
  void picture(String name) {
    Map<String, Object> shot =
        driver.executeCdpCommand(
            "Page.captureScreenshot", Map.of("captureBeyondViewport", true, "format", "png"));
    try {
      Files.createDirectories(PICTURES);
      Files.write(
          PICTURES.resolve(name + ".png"),
          Base64.getDecoder().decode(String.valueOf(shot.get("data"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails where the page is wider than the window. */
  void assertFits(String what) {
    assertTrue(
        number("document.documentElement.scrollWidth")
            <= number("document.documentElement.clientWidth"),
        () -> what + " scrolls sideways: " + script(WIDEST));
  }

  private static final String WIDEST =
      "return [...document.querySelectorAll('main *')].filter(e =>"
          + " e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(e => e.tagName +"
          + " '.' + e.className + ' ' + e.textContent.slice(0, 40)).join('; ')";

  /** Fails where a page complained, such as of its policy, or asked another host for anything. */
  void assertClean() {
    for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
      complaints.add(entry.getLevel() + " " + entry.getMessage());
    }
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      JsonNode message = JsonMapper.shared().readTree(entry.getMessage()).path("message");
      if (message.path("method").asString("").equals("Network.requestWillBeSent")) {
        URI asked = URI.create(message.path("params").path("request").path("url").asString());
        if (String.valueOf(asked.getScheme()).matches("https?|wss?")) {
          hosts.add(String.valueOf(asked.getHost()));
        }
      }
    }
    // The browser says so while Belay is away, or where nothing is; nothing else may be amiss.
    complaints.removeIf(line -> line.matches(".*(net::ERR_|status of 404|favicon\\.ico).*"));
    hosts.remove("127.0.0.1");
    List<String> amiss = new ArrayList<>(complaints);
    amiss.addAll(hosts);
    complaints.clear();
    hosts.clear();
    assertEquals(List.of(), amiss);
  }

  @Override
  public void close() {
    driver.quit();
  }
}

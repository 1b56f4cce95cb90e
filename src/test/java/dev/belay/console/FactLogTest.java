package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FactLogTest {
  private final FakeEngine engine = new FakeEngine();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("belay");

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(lines);
    lines.start();
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  private List<ILoggingEvent> logged() {
    new FactLog().accept(engine.entries);
    return lines.list;
  }

  private static Map<String, String> keys(ILoggingEvent line) {
    return line.getKeyValuePairs().stream()
        .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
  }

  /** A line as the shipped configuration writes it. */
  private static String written(String format, ILoggingEvent line) throws JoranException {
    LoggerContext context = new LoggerContext();
    context.putProperty("BELAY_LOG_FORMAT", format);
    URL config = Objects.requireNonNull(FactLog.class.getResource("/logback.xml"));
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(config);
    ConsoleAppender<ILoggingEvent> appender =
        (ConsoleAppender<ILoggingEvent>)
            context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("STDERR");
    Encoder<ILoggingEvent> encoder = appender.getEncoder();
    String text = new String(encoder.encode(line), StandardCharsets.UTF_8);
    context.stop();
    return text;
  }

  @Test
  void writesOneLineForEachDecisionActionAndIncident() {
    engine.badRelease().obey().pass(Duration.ofSeconds(30)).obey().pass(Duration.ofSeconds(2));
    engine.obey().pass(Duration.ofMinutes(1));
    engine.alert(Map.of("alertname", "HighErrorRate", "namespace", "covet"), false);
    List<String> written =
        logged().stream()
            .map(line -> line.getLoggerName() + " " + keys(line).get("event.action"))
            .toList();
    assertEquals(
        List.of(
            "belay.incident incident_opened",
            "belay.decision decided",
            "belay.decision decided",
            "belay.action action_intended",
            "belay.action action_ended",
            "belay.decision run_ended",
            "belay.incident incident_closed"),
        written);
    Map<String, String> decided = keys(lines.list.get(1));
    assertEquals("covet", decided.get("service"));
    assertEquals("covet-1", decided.get("subject"));
    assertEquals("true", decided.get("act"));
    assertEquals("release_to_blame", decided.get("reason"));
    assertEquals("bad-release", decided.get("remediation"));
    assertTrue(decided.getOrDefault("evidence", "").contains("trouble: HighErrorRate"));
    assertEquals("success", keys(lines.list.get(4)).get("event.outcome"));
  }

  @Test
  void writesHostileTextOnOneLineThatForgesNothing() throws JoranException {
    engine.release("rel-7", "x\" act=\"true\"\r\n\u001b[31mERROR");
    String line = written("text", logged().getFirst());
    assertEquals(1, line.lines().count(), line);
    assertFalse(line.contains("\u001b"), line);
    assertFalse(line.contains("act=\"true\""), line);
    assertTrue(line.contains("act=\"false\""), line);
  }

  @Test
  void writesJsonLinesWithEcsNames() throws JoranException {
    engine.release("rel-7", "x\"}\n{\"log.level\":\"ERROR\"");
    String line = written("json", logged().getFirst());
    assertEquals(1, line.lines().count(), line);
    JsonNode json = JsonMapper.builder().build().readTree(line);
    assertEquals("INFO", json.path("log.level").asString().strip());
    assertEquals("belay", json.path("service.name").asString());
    assertEquals("decided", json.path("event.action").asString());
    assertEquals("release_of_no_service", json.path("labels.reason").asString());
    assertEquals("false", json.path("labels.act").asString());
    assertTrue(
        json.path("message")
            .asString()
            .startsWith(
                "Not acting: The release is of no service or environment in the rules. [release:"
                    + " 1.4.2 from ci; service: "),
        line);
  }
}

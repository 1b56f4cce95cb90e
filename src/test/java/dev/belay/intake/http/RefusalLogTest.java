package dev.belay.intake.http;

import static dev.belay.intake.Bodies.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalLogTest {
  @Test
  void saysOneLineAMinuteAndDoor() {
    Logger logger = (Logger) LoggerFactory.getLogger(RefusalLog.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      RefusalLog log = new RefusalLog();
      Answer.Rejected rejected = new Answer.Rejected(Rejection.INVALID, "bad\nline");
      log.refused(Entrance.EVENTS, rejected, NOW);
      log.refused(Entrance.EVENTS, rejected, NOW.plusSeconds(59));
      log.refused(Entrance.WEBHOOK, rejected, NOW.plusSeconds(59));
      log.refused(Entrance.EVENTS, rejected, NOW.plusSeconds(60));
    } finally {
      logger.detachAppender(lines);
    }
    assertEquals(3, lines.list.size());
    assertTrue(lines.list.getFirst().getFormattedMessage().endsWith("bad?line"));
  }
}

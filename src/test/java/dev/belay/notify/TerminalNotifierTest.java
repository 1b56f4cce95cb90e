package dev.belay.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Notice;
import dev.belay.port.Notifier;
import dev.belay.port.NotifierContract;
import dev.belay.port.NotifierFailed;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TerminalNotifierTest extends NotifierContract {
  private static final String ESCAPE = "\u001b";

  private final StringBuilder out = new StringBuilder();
  private final TerminalNotifier notifier = new TerminalNotifier(out, false);

  @Override
  protected Notifier notifier() {
    return notifier;
  }

  @Override
  protected List<String> conversations() {
    Map<String, String> conversations = new LinkedHashMap<>();
    String incident = "";
    for (String line : out.toString().split("\n", -1)) {
      if (!line.isEmpty() && !line.startsWith("    ")) {
        incident = line.split(" ", -1)[1];
      }
      conversations.merge(incident, line + "\n", String::concat);
    }
    return List.copyOf(conversations.values());
  }

  @Override
  protected void assertHarmless(String got) {
    // A headline and a text: two lines, whatever the label says.
    assertEquals(2, out.chars().filter(c -> c == '\n').count(), got);
    assertTrue(
        got.codePoints()
            .allMatch(
                c ->
                    c == '\n'
                        || (!Character.isISOControl(c)
                            && Character.getType(c) != Character.FORMAT
                            && Character.getType(c) != Character.LINE_SEPARATOR)),
        got);
    assertTrue(got.contains("\\u{1b}[2J") && got.contains("\\u{202e}"), got);
  }

  @Test
  void aNoticeIsAParagraph() {
    notifier.deliver(
        new Notice(
            "covet-3",
            1,
            Notice.Kind.COUNTDOWN,
            "covet",
            "Rolling covet back to 6",
            "Release 7 is to blame.",
            Instant.parse("2026-11-24T12:03:04.567Z"),
            Optional.of(Instant.parse("2026-11-24T12:03:34.567Z"))),
        Optional.empty());

    assertEquals(
        """
        2026-11-24T12:03:04Z covet-3 [Acting unless somebody objects, until 2026-11-24T12:03:34Z] \
        Rolling covet back to 6
            Release 7 is to blame.
        """,
        out.toString());
  }

  @Test
  void coloursOnlyWhenAsked() {
    Notice page = notice("covet-1", 1, Notice.Kind.PAGE, "wake up");
    notifier.deliver(page, Optional.empty());
    assertFalse(out.toString().contains(ESCAPE));

    new TerminalNotifier(out, true).deliver(page, Optional.empty());
    assertTrue(out.toString().contains(ESCAPE + "[1;31m[A person is needed now]" + ESCAPE + "[0m"));
  }

  @Test
  void aClosedPipeIsNotTakenForDelivery() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("broken pipe");
          }
        };
    TerminalNotifier closed =
        new TerminalNotifier(new PrintStream(broken, false, StandardCharsets.UTF_8), false);

    NotifierFailed failed =
        assertThrows(
            NotifierFailed.class,
            () ->
                closed.deliver(
                    notice("covet-1", 1, Notice.Kind.OPENED, "it broke"), Optional.empty()));
    assertTrue(failed.permanent());
  }
}

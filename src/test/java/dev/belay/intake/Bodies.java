package dev.belay.intake;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;

/** Example bodies. */
public final class Bodies {
  /** When the examples are received. */
  public static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private Bodies() {}

  /** The bytes of a file below {@code src/test/resources/intake}. */
  public static byte[] of(String name) {
    try (InputStream in =
        Objects.requireNonNull(Bodies.class.getResourceAsStream("/intake/" + name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of a text. */
  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A webhook's body with these alerts. */
  public static byte[] webhook(String alerts) {
    return bytes("{\"version\":\"4\",\"status\":\"firing\",\"alerts\":[" + alerts + "]}");
  }
}

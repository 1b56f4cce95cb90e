package dev.belay.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OneLineTest {
  @Test
  void putsForeignTextOnOneBoundedLine() {
    assertEquals("a??b?c?d", OneLine.of("a\r\nb\u001bc\u2028d"));
    assertEquals("?../etc/passwd", OneLine.of("\u202e../etc/passwd"));
    assertEquals(400, OneLine.of("x".repeat(5_000)).length());
  }
}

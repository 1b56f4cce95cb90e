package dev.belay.sim;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.PriorityQueue;

/** Time and everything that is yet to happen, one thing after the other; and what did happen. */
final class Loop implements InstantSource {
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  /** How much of its past a failure tells; {@code -Dbelay.sim.lines=N} for more. */
  private static final int LINES_KEPT = Integer.getInteger("belay.sim.lines", 50);

  private record Planned(Instant at, long id, Runnable work) implements Comparable<Planned> {
    @Override
    public int compareTo(Planned other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(id, other.id);
    }
  }

  private final PriorityQueue<Planned> planned = new PriorityQueue<>();
  private final Deque<String> lines = new ArrayDeque<>();
  private final MessageDigest trace;
  private long ids;
  private Instant now = START;

  Loop() {
    try {
      trace = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public Instant instant() {
    return now;
  }

  void at(Instant at, Runnable work) {
    planned.add(new Planned(at.isBefore(now) ? now : at, ids++, work));
  }

  void in(Duration wait, Runnable work) {
    at(now.plus(wait), work);
  }

  /** Runs everything that is planned until then, calling {@code after} after each. */
  void runUntil(Instant until, Runnable after) {
    while (!planned.isEmpty() && !planned.peek().at().isAfter(until)) {
      Planned next = planned.remove();
      now = next.at();
      next.work().run();
      after.run();
    }
    now = until;
  }

  /** Notes what happened, in the trace and for people. */
  void note(String line) {
    trace.update((now + " " + line + "\n").getBytes(StandardCharsets.UTF_8));
    lines.addLast(now + " " + line);
    if (lines.size() > LINES_KEPT) {
      lines.removeFirst();
    }
  }

  String lastLines() {
    return String.join("\n", lines);
  }

  /** The trace so far; call once. */
  String digest() {
    return HexFormat.of().formatHex(trace.digest());
  }
}

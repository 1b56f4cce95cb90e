package dev.belay.core.rule;

import dev.belay.core.incident.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a workload's team says on the workload itself, by annotations. It only ever narrows what the
 * rules allow.
 *
 * @param mode the furthest that Belay may go with it; empty: as far as the rules allow
 * @param hold nothing is begun for it
 * @param unreadable what of it means nothing, for people, with the remedy; Belay then observes
 */
public record Narrowing(Optional<Mode> mode, boolean hold, Optional<String> unreadable) {
  /**
   * The annotation that says how far: {@code observe}, {@code propose}, {@code veto}, {@code act}.
   */
  public static final String MODE = "belay.dev/mode";

  /** The annotation that says to begin nothing: {@code true}. */
  public static final String HOLD = "belay.dev/hold";

  /** Where a workload says nothing. */
  public static final Narrowing NONE = new Narrowing(Optional.empty(), false, Optional.empty());

  /** What these two annotations' values say, where they are written. */
  public static Narrowing of(Optional<String> mode, Optional<String> hold) {
    Optional<Mode> read = mode.flatMap(Mode::of);
    boolean odd = hold.filter(text -> !text.equals("true") && !text.equals("false")).isPresent();
    List<String> wrong = new ArrayList<>();
    if (mode.isPresent() && read.isEmpty()) {
      wrong.add(MODE + " means no mode; write observe, propose, veto or act");
    }
    if (odd) {
      wrong.add(HOLD + " is neither true nor false; write one of them");
    }
    return wrong.isEmpty()
        ? new Narrowing(read, hold.filter("true"::equals).isPresent(), Optional.empty())
        : new Narrowing(
            Optional.of(Mode.OBSERVE),
            hold.filter("true"::equals).isPresent(),
            Optional.of(String.join("; ", wrong)));
  }

  /** How far Belay may go with what the rules allow so much for. */
  public Mode narrow(Mode allowed) {
    return mode.map(allowed::atMost).orElse(allowed);
  }

  /** What it says, as evidence; none where it says nothing. */
  public List<Evidence> evidence() {
    List<Evidence> evidence = new ArrayList<>();
    mode.ifPresent(
        it ->
            evidence.add(
                new Evidence("annotation " + MODE, unreadable.orElseGet(() -> it.kind().word()))));
    if (hold) {
      evidence.add(new Evidence("annotation " + HOLD, "true"));
    }
    return List.copyOf(evidence);
  }
}

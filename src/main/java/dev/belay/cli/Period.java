package dev.belay.cli;

import dev.belay.port.Journal;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The time of which something is told, both ends included.
 *
 * @param from where it begins; empty: where whoever is asked has it begin
 * @param to where it ends; empty likewise
 */
record Period(Optional<Instant> from, Optional<Instant> to) {
  /** The end of an address that asks for it. */
  String query() {
    String parameters =
        Stream.of(parameter("from", from), parameter("to", to))
            .flatMap(Optional::stream)
            .collect(Collectors.joining("&"));
    return parameters.isEmpty() ? "" : "?" + parameters;
  }

  private static Optional<String> parameter(String name, Optional<Instant> time) {
    return time.map(at -> name + "=" + Remote.segment(at.toString()));
  }

  /** Hands on what lies within. */
  Consumer<Journal.Entry> only(Consumer<Journal.Entry> each) {
    Instant begin = from.orElse(Instant.MIN);
    Instant end = to.orElse(Instant.MAX);
    return entry -> {
      if (!entry.at().isBefore(begin) && !entry.at().isAfter(end)) {
        each.accept(entry);
      }
    };
  }
}

package dev.belay.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** One performance of a {@link Scenario}, from the moment it is made. One thread plays it. */
public final class Play {
  private final Scenario scenario;
  private final InstantSource clock;
  private final World world;
  private Instant start;
  private int next;

  /**
   * What came of a moment.
   *
   * @param scenes those that were played
   * @param posts what senders outside would post to Belay now, in order
   */
  public record Moment(List<Scene> scenes, List<Post> posts) {}

  /** Sets the stage; the time runs from now, unless it {@link #begin}s later. */
  public Play(Scenario scenario, InstantSource clock) {
    this.scenario = scenario;
    this.clock = clock;
    this.world = scenario.world(clock);
    this.start = clock.instant();
  }

  /** The world in which it plays. */
  public World world() {
    return world;
  }

  /** Begins now, once those who watch are ready. */
  public void begin() {
    start = clock.instant();
  }

  /** Plays what is due; to be called a few times a second. */
  public Moment tick() {
    List<Scene> played = new ArrayList<>();
    List<Scene> script = scenario.script();
    while (next < script.size() && !script.get(next).at().minus(elapsed()).isPositive()) {
      Scene scene = script.get(next++);
      scene.deeds().forEach(world::perform);
      played.add(scene);
    }
    return new Moment(List.copyOf(played), world.tick());
  }

  /** How long it plays already. */
  public Duration elapsed() {
    return Duration.between(start, clock.instant());
  }

  /** Whether its time is up. */
  public boolean over() {
    return elapsed().compareTo(scenario.length()) >= 0;
  }
}

package dev.belay.bench;

/**
 * Every benchmark, one after the other:
 *
 * <pre>
 *   mvn -q -Pbench process-test-classes
 * </pre>
 *
 * <p>One alone, as in {@code -Dbench=dev.belay.bench.LoadBench}. The machine should have nothing
 * else to do.
 */
public final class EveryBench {
  private EveryBench() {}

  /** Runs them. */
  public static void main(String[] args) throws Exception {
    LoadBench.main(args);
    CoreBench.main(args);
    ScaleBench.main(args);
    KafkaBench.main(args);
    ProbeBench.main(args);
    WatchBench.main(args);
    ConsoleBench.main(args);
  }
}

package dev.belay.bench;

import java.util.Locale;

/** How the benchmarks say what they measured: Belay, beside its baseline in the same run. */
final class Table {
  private Table() {}

  static void head(String title) {
    System.out.printf(Locale.ROOT, "%n%-62s %12s %12s %8s%n", title, "measured", "beside", "ratio");
  }

  /** The second figure is what the first is held against. */
  static void row(String what, double measured, double beside) {
    System.out.printf(
        Locale.ROOT,
        "%-62s %12.1f %12.1f %7.0f%%%n",
        what,
        measured,
        beside,
        100 * measured / beside);
  }

  static void note(String what) {
    System.out.println("  " + what);
  }
}

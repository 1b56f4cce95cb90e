package dev.belay.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/**
 * What a process is told by signals: to stop, by SIGTERM, as Kubernetes and systemd send it, or by
 * SIGINT, as Ctrl-C does; and to read anew what people wrote, by SIGHUP.
 *
 * <p>To stop, a shutdown hook would not do: the JVM then exits with 143 or 130 however well
 * everything ended. The JDK's own way to handle signals stands outside of what the compiler lets
 * one name without a warning that nothing silences, thus the reflection.
 */
final class Signals {
  private static final List<String> STOP = List.of("TERM", "INT");
  private static final List<String> RELOAD = List.of("HUP");

  private Signals() {}

  /**
   * Runs {@code told}, on a thread of its own, each time that the process is told to stop; it no
   * longer ends by itself then.
   *
   * @throws IllegalStateException where the JVM cannot handle signals
   */
  static void onStop(Runnable told) {
    handle(STOP, told);
  }

  /**
   * Runs {@code told}, on a thread of its own, each time that the process is told to read anew what
   * people wrote.
   *
   * @throws IllegalStateException where the JVM cannot handle signals
   */
  static void onReload(Runnable told) {
    handle(RELOAD, told);
  }

  private static void handle(List<String> names, Runnable told) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandle run =
          MethodHandles.publicLookup()
              .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
              .bindTo(told);
      Object handling =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run, 0, signal));
      for (String name : names) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM does not let signals be handled", e);
    }
  }
}

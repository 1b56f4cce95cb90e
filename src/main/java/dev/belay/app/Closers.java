package dev.belay.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be closed, last opened first; each is named, and none keeps another from being closed.
 */
final class Closers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Closers.class);

  private record Closer(String name, AutoCloseable what) {}

  private final Deque<Closer> closers = new ArrayDeque<>();

  /** Registers, the moment that the thing exists. */
  <T extends AutoCloseable> T add(String name, T what) {
    closers.push(new Closer(name, what));
    return what;
  }

  @Override
  public void close() {
    while (!closers.isEmpty()) {
      Closer closer = closers.pop();
      try {
        closer.what.close();
      } catch (Exception e) {
        LOG.atWarn().setCause(e).log("{} did not close", closer.name);
      }
    }
  }
}

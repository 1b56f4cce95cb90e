package dev.belay.e2e;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test opened: closed after it, the newest first. */
final class Opened implements AfterEachCallback {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** Has it closed in the end. */
  <T extends AutoCloseable> T keep(T one) {
    open.push(one);
    return one;
  }

  /** Closes now what was kept last. */
  void closeNewest() throws Exception {
    open.pop().close();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    while (!open.isEmpty()) {
      closeNewest();
    }
  }
}

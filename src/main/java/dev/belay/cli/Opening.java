package dev.belay.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Access to the cluster that is being opened on a thread of its own, beside the other parts: it is
 * the slowest of them, and the start need not take as long as all of them together. Closing waits
 * for it and closes it; what could not be opened needs no closing.
 */
record Opening(CompletableFuture<KubernetesAccess> part) implements AutoCloseable {
  static Opening of(Supplier<KubernetesAccess> open) {
    CompletableFuture<KubernetesAccess> part = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("belay-open-cluster")
        .daemon()
        .start(
            () -> {
              try {
                part.complete(open.get());
              } catch (RuntimeException | Error e) {
                part.completeExceptionally(e);
              }
            });
    return new Opening(part);
  }

  /** The access, once it is open; or what its opening threw. */
  KubernetesAccess get() {
    try {
      return part.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  @Override
  public void close() {
    if (!part.handle((_, failure) -> failure != null).join()) {
      part.join().close();
    }
  }
}

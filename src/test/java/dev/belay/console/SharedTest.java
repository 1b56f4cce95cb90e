package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedTest {
  private final Shared<Integer> shared = new Shared<>(new Readers()::read);
  private final AtomicInteger read = new AtomicInteger();
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void release() {
    released.countDown();
  }

  private CompletableFuture<Integer> ask(String question) {
    return shared.ask(question, this::answer).toCompletableFuture();
  }

  private int answer() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return read.incrementAndGet();
  }

  private static int got(CompletableFuture<Integer> answer) {
    return answer.orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** Keeps every reader at work, so that nothing else begins. */
  private List<CompletableFuture<Integer>> occupy() {
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int i = 0; i < Readers.AT_ONCE; i++) {
      all.add(ask("another question " + i));
    }
    return all;
  }

  @Test
  void whoAsksTheSameBeforeItIsReadIsGivenTheSameAnswer() {
    List<CompletableFuture<Integer>> others = occupy();
    List<CompletableFuture<Integer>> five = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      five.add(ask("the same"));
    }
    released.countDown();
    int answer = got(five.getFirst());
    five.forEach(each -> assertEquals(answer, got(each)));
    others.forEach(SharedTest::got);
    assertEquals(Readers.AT_ONCE + 1, read.get());
  }

  /** What was written since it began to be read would be missing in what is being read. */
  @Test
  void whoAsksWhileItIsReadWaitsForTheNextReadingTogetherWithAllOthersWhoDo() throws Exception {
    AtomicInteger written = new AtomicInteger(1);
    CountDownLatch began = new CountDownLatch(1);
    CompletableFuture<Integer> first =
        shared
            .ask(
                "the same",
                () -> {
                  int seen = written.get();
                  began.countDown();
                  answer();
                  return seen;
                })
            .toCompletableFuture();
    assertTrue(began.await(20, TimeUnit.SECONDS));
    written.set(2);
    List<CompletableFuture<Integer>> later = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      later.add(
          shared
              .ask(
                  "the same",
                  () -> {
                    answer();
                    return written.get();
                  })
              .toCompletableFuture());
    }
    later.forEach(each -> assertFalse(each.isDone()));
    released.countDown();
    assertEquals(1, got(first));
    later.forEach(each -> assertEquals(2, got(each)));
    assertEquals(2, read.get(), "one reading for all who waited");
  }

  @Test
  void whoAsksLaterHasItReadAnew() {
    released.countDown();
    assertEquals(1, got(ask("the same")));
    assertEquals(2, got(ask("the same")));
  }

  @Test
  void theFifthWaitsInLine() {
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int i = 0; i < Readers.AT_ONCE + Readers.WAITING_AT_MOST; i++) {
      all.add(ask("question " + i));
    }
    for (CompletableFuture<Integer> answer : all) {
      assertFalse(answer.isDone());
    }
    released.countDown();
    all.forEach(SharedTest::got);
    assertEquals(all.size(), read.get());
  }

  @Test
  void whereTooManyWaitOneMoreIsRefusedAndMayAskAgain() {
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int i = 0; i < Readers.AT_ONCE + Readers.WAITING_AT_MOST; i++) {
      all.add(ask("question " + i));
    }
    CompletionException refused =
        assertThrows(CompletionException.class, () -> got(ask("one more")));
    assertTrue(refused.getCause() instanceof Refusal, refused.toString());
    released.countDown();
    all.forEach(SharedTest::got);
    got(ask("one more"));
  }

  @Test
  void aFailureIsTheAnswerOfThoseWhoAskedAndOfNobodyElse() {
    List<CompletableFuture<Integer>> others = occupy();
    CompletableFuture<Integer> failing =
        shared
            .ask(
                "the same",
                () -> {
                  answer();
                  throw new Refusal(503, "It takes too long.");
                })
            .toCompletableFuture();
    CompletableFuture<Integer> other = ask("the same");
    released.countDown();
    assertThrows(CompletionException.class, () -> got(failing));
    assertThrows(CompletionException.class, () -> got(other));
    others.forEach(SharedTest::got);
    assertEquals(Readers.AT_ONCE + 2, got(ask("the same")));
  }

  @Test
  void whateverAReadingFailsWithIsAnswered() {
    released.countDown();
    for (Throwable cause :
        List.of(new IllegalStateException("a bug"), new StackOverflowError(), new IOException())) {
      CompletableFuture<Integer> failing =
          shared.ask("the same", () -> failing(cause)).toCompletableFuture();
      assertEquals(cause, assertThrows(CompletionException.class, () -> got(failing)).getCause());
    }
    assertEquals(1, got(ask("the same")));
  }

  /** Throws it, be it checked. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> int failing(Throwable cause) throws E {
    throw (E) cause;
  }

  /** Where the machine has no thread left, and where too many wait, in the middle of a line too. */
  @Test
  void whereNoReaderCanBeHadWhoeverAsksIsToldSoAndMayAskAgain() {
    AtomicReference<Optional<Throwable>> trouble = new AtomicReference<>(Optional.empty());
    List<Runnable> begun = new ArrayList<>();
    Shared<Integer> odd =
        new Shared<>(
            reading -> {
              trouble.get().ifPresent(SharedTest::failing);
              begun.add(reading);
            });
    for (Throwable cause :
        List.of(new InternalError("no thread"), new IllegalStateException("a bug"))) {
      trouble.set(Optional.of(cause));
      CompletableFuture<Integer> refused = odd.ask("the same", () -> 1).toCompletableFuture();
      assertEquals(cause, assertThrows(CompletionException.class, () -> got(refused)).getCause());
    }
    trouble.set(Optional.empty());
    List<CompletableFuture<Integer>> waiting = new ArrayList<>();
    CompletableFuture<Integer> first =
        odd.ask(
                "the same",
                () -> {
                  waiting.add(odd.ask("the same", () -> 2).toCompletableFuture());
                  trouble.set(Optional.of(new InternalError("no thread")));
                  return 1;
                })
            .toCompletableFuture();
    begun.removeFirst().run();
    assertEquals(1, got(first));
    assertThrows(CompletionException.class, () -> got(waiting.getFirst()));
    trouble.set(Optional.empty());
    CompletableFuture<Integer> again = odd.ask("the same", () -> 3).toCompletableFuture();
    begun.removeFirst().run();
    assertEquals(3, got(again));
  }
}

package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedTest {
  private final Shared<Integer> shared = new Shared<>(new Readers());
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

  @Test
  void whoAsksTheSameMeanwhileIsGivenTheSameAnswer() {
    List<CompletableFuture<Integer>> five = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      five.add(ask("the same"));
    }
    released.countDown();
    for (CompletableFuture<Integer> answer : five) {
      assertEquals(1, got(answer));
    }
    assertEquals(1, read.get());
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
    assertEquals(2, got(ask("the same")));
  }
}

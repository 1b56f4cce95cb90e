package dev.belay.intake.probe;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ProberTest {
  @Test
  void whatThisMachineLacksIsNoFaultOfTheService() {
    assertInstanceOf(
        Result.Unknown.class, Prober.failed(new BindException("Cannot assign requested address")));
    assertInstanceOf(
        Result.Unknown.class,
        Prober.failed(
            new IllegalStateException("no channel", new SocketException("Too many open files"))));
    assertInstanceOf(
        Result.Unknown.class, Prober.failed(new ConnectException("Network is unreachable")));
  }

  @Test
  void whoeverRefusesOrDoesNotAnswerIsUnwell() {
    assertInstanceOf(Result.Unwell.class, Prober.failed(new ConnectException("refused")));
    assertInstanceOf(Result.Unwell.class, Prober.failed(new TimeoutException("late")));
  }
}

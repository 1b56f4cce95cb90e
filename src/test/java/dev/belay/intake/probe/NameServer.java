package dev.belay.intake.probe;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.dns.AddressResolverOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers that every name is this machine, after a while, or never. */
final class NameServer implements AutoCloseable {
  private static final int HEADER = 12;
  private static final int TYPE_A = 1;

  /** The end of the name, and its type and class. */
  private static final int QUESTION_END = 5;

  private final Vertx vertx = Vertx.vertx();
  private final DatagramSocket socket = vertx.createDatagramSocket();
  private final AtomicInteger asked = new AtomicInteger();

  private NameServer(int seconds, Duration after, boolean mute) {
    socket.handler(
        question -> {
          asked.incrementAndGet();
          if (!mute) {
            vertx.setTimer(Math.max(1, after.toMillis()), _ -> answer(question, seconds));
          }
        });
    socket.listen(0, "127.0.0.1").await();
  }

  /** One that nothing is heard of. */
  static NameServer mute() {
    return new NameServer(0, Duration.ZERO, true);
  }

  /**
   * One that answers after so long.
   *
   * @param seconds how long its answers hold
   */
  static NameServer answering(Duration after, int seconds) {
    return new NameServer(seconds, after, false);
  }

  /** How many questions came. */
  int asked() {
    return asked.get();
  }

  /** What asks it, and nobody else. */
  Vertx asking() {
    return Vertx.vertx(
        new VertxOptions()
            .setAddressResolverOptions(
                new AddressResolverOptions()
                    .setHostsValue(Buffer.buffer("127.0.0.1 localhost\n"))
                    .setSearchDomains(List.of())
                    .addServer("127.0.0.1:" + socket.localAddress().port())));
  }

  private void answer(DatagramPacket question, int seconds) {
    Buffer asks = question.data();
    int end = HEADER;
    while (asks.getByte(end) != 0) {
      end += asks.getUnsignedByte(end) + 1;
    }
    boolean known = asks.getUnsignedShort(end + 1) == TYPE_A;
    end += QUESTION_END;
    Buffer answer =
        Buffer.buffer()
            .appendBuffer(asks, 0, 2)
            .appendUnsignedShort(0x8180)
            .appendUnsignedShort(1)
            .appendUnsignedShort(known ? 1 : 0)
            .appendUnsignedShort(0)
            .appendUnsignedShort(0)
            .appendBuffer(asks, HEADER, end - HEADER);
    if (known) {
      answer
          .appendUnsignedShort(0xC00C)
          .appendUnsignedShort(TYPE_A)
          .appendUnsignedShort(1)
          .appendUnsignedInt(seconds)
          .appendUnsignedShort(4)
          .appendBytes(new byte[] {127, 0, 0, 1});
    }
    socket.send(answer, question.sender().port(), question.sender().host());
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}

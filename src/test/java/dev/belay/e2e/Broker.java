package dev.belay.e2e;

/** A Kafka with one broker that a test has to itself. */
public interface Broker extends AutoCloseable {
  /** Where clients begin; the same before a stop and after the start that follows. */
  String bootstrapServers();

  /** Ends it, as far as clients can tell from one moment to the next; its logs stay. */
  void stop();

  /** Starts it again after a stop. */
  void start();

  @Override
  void close();
}

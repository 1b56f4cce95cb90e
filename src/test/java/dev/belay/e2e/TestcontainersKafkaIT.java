package dev.belay.e2e;

import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** The suite against the broker that people run: Kafka's own image. */
class TestcontainersKafkaIT extends KafkaSuite {
  private static final String IMAGE = "apache/kafka:" + AppInfoParser.getVersion();

  @Override
  Broker broker() {
    Assumptions.assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "no container engine answers; start one (dockerd) with the image " + IMAGE);
    return ContainerBroker.start(new KafkaContainer(DockerImageName.parse(IMAGE)));
  }

  private record ContainerBroker(KafkaContainer container) implements Broker {
    static ContainerBroker start(KafkaContainer container) {
      container
          .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
          .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
          .withEnv("KAFKA_GROUP_CONSUMER_MIN_SESSION_TIMEOUT_MS", "1000")
          .withEnv("KAFKA_GROUP_CONSUMER_SESSION_TIMEOUT_MS", "6000")
          .withEnv("KAFKA_GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS", "500")
          .withEnv("KAFKA_GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS", "1000")
          .start();
      return new ContainerBroker(container);
    }

    @Override
    public String bootstrapServers() {
      return container.getBootstrapServers();
    }

    /** Frozen: a stopped container would come back under another port. */
    @Override
    public void stop() {
      container.getDockerClient().pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void start() {
      container.getDockerClient().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
      container.stop();
    }
  }
}

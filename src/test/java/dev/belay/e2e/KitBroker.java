package dev.belay.e2e;

import java.util.concurrent.ExecutionException;
import kafka.server.BrokerServer;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;

/** A broker in this process, by Kafka's own test kit. */
public final class KitBroker implements Broker {
  private final KafkaClusterTestKit kit;

  private KitBroker(KafkaClusterTestKit kit) {
    this.kit = kit;
  }

  /** One that asks nobody for anything. */
  public static KitBroker open() {
    return start(SecurityProtocol.PLAINTEXT);
  }

  /** One that asks for a login, by SASL's PLAIN. */
  static KitBroker asking() {
    return start(SecurityProtocol.SASL_PLAINTEXT);
  }

  private static KitBroker start(SecurityProtocol protocol) {
    try {
      KafkaClusterTestKit kit =
          new KafkaClusterTestKit.Builder(
                  new TestKitNodes.Builder()
                      .setCombined(false)
                      .setNumBrokerNodes(1)
                      .setNumControllerNodes(1)
                      .setBrokerListenerName(ListenerName.normalised("EXTERNAL"))
                      .setBrokerSecurityProtocol(protocol)
                      .build())
              .setConfigProp("auto.create.topics.enable", "false")
              .setConfigProp("broker.heartbeat.interval.ms", "200")
              .setConfigProp("broker.session.timeout.ms", "1000")
              .setConfigProp("group.consumer.min.session.timeout.ms", "1000")
              .setConfigProp("group.consumer.session.timeout.ms", "6000")
              .setConfigProp("group.consumer.min.heartbeat.interval.ms", "500")
              .setConfigProp("group.consumer.heartbeat.interval.ms", "1000")
              .setConfigProp("group.initial.rebalance.delay.ms", "0")
              .setConfigProp("offsets.topic.num.partitions", "1")
              .setConfigProp("offsets.topic.replication.factor", "1")
              .setConfigProp("transaction.state.log.min.isr", "1")
              .setConfigProp("transaction.state.log.num.partitions", "1")
              .setConfigProp("transaction.state.log.replication.factor", "1")
              .build();
      kit.format();
      kit.startup();
      kit.waitForReadyBrokers();
      return new KitBroker(kit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (Exception e) {
      throw new IllegalStateException("no broker", e);
    }
  }

  private BrokerServer broker() {
    return kit.brokers().values().iterator().next();
  }

  @Override
  public String bootstrapServers() {
    return kit.bootstrapServers();
  }

  @Override
  public void stop() {
    broker().shutdown();
    broker().awaitShutdown();
  }

  @Override
  public void start() {
    try {
      broker().startup();
      kit.waitForReadyBrokers();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker does not start again", e);
    }
  }

  @Override
  public void close() {
    try {
      kit.close();
    } catch (Exception e) {
      throw new IllegalStateException("the broker does not end", e);
    }
  }
}

package dev.belay.e2e;

/** The suite against a broker in this process. */
class KafkaIT extends KafkaSuite {
  @Override
  Broker broker() {
    return KitBroker.open();
  }
}

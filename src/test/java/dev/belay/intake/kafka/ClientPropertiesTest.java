package dev.belay.intake.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClientPropertiesTest {
  private static KafkaSettings settings(
      KafkaSettings.Protocol protocol, String password, Map<String, String> client) {
    return new KafkaSettings(
        List.of("k:9092"),
        List.of("a"),
        "belay",
        protocol,
        new KafkaSettings.Start.Back(Duration.ofHours(24)),
        Optional.of("dead"),
        Optional.of(new KafkaSettings.Login("belay", password)),
        new TreeMap<>(client));
  }

  private static Map<String, Object> whole(Map<String, Object> properties, String role) {
    properties.put("key." + role, "org.apache.kafka.common.serialization.ByteArray" + name(role));
    properties.put("value." + role, "org.apache.kafka.common.serialization.ByteArray" + name(role));
    return properties;
  }

  private static String name(String role) {
    return Character.toUpperCase(role.charAt(0)) + role.substring(1);
  }

  @ParameterizedTest
  @EnumSource(KafkaSettings.Protocol.class)
  void theClientTakesThemByEitherProtocolAndCommitsNothingByItself(
      KafkaSettings.Protocol protocol) {
    KafkaSettings settings = settings(protocol, "p", Map.of());
    ConsumerConfig consumer =
        new ConsumerConfig(whole(ClientProperties.consumer(settings), "deserializer"));
    assertFalse(consumer.getBoolean("enable.auto.commit"));
    assertFalse(consumer.getBoolean("allow.auto.create.topics"));
    assertEquals("read_committed", consumer.getString("isolation.level"));
    assertEquals("by_duration:PT24H", consumer.getString("auto.offset.reset"));
    ProducerConfig producer =
        new ProducerConfig(whole(ClientProperties.producer(settings), "serializer"));
    assertEquals("-1", producer.getString("acks"));
    assertTrue(producer.getBoolean("enable.idempotence"));
    new AdminClientConfig(ClientProperties.admin(settings));
  }

  @Test
  void aLoginGoesThroughTheJaasLineWhateverThePasswordHolds() {
    String password = "a\"b\\c;d' e=#";
    Map<String, Object> admin =
        ClientProperties.admin(
            settings(
                KafkaSettings.Protocol.CLASSIC,
                password,
                Map.of("sasl.mechanism", "SCRAM-SHA-512")));
    assertEquals("SASL_SSL", admin.get("security.protocol"));
    JaasContext context =
        JaasContext.loadClientContext(
            Map.of(
                "sasl.jaas.config", new Password(String.valueOf(admin.get("sasl.jaas.config")))));
    assertEquals(
        "org.apache.kafka.common.security.scram.ScramLoginModule",
        context.configurationEntries().getFirst().getLoginModuleName());
    assertEquals(
        Map.of("username", "belay", "password", password),
        context.configurationEntries().getFirst().getOptions());
  }

  @Test
  void whatMayBeGivenIsWhatTheClientKnows() {
    for (String key : KafkaSettings.CLIENT) {
      assertTrue(ConsumerConfig.configNames().contains(key), key);
    }
    assertFalse(KafkaSettings.CLIENT.contains("sasl.jaas.config"));
  }

  @Test
  void secretsAreNoPartOfTheSettingsText() {
    String text =
        settings(KafkaSettings.Protocol.CLASSIC, "hunter2", Map.of("ssl.key.password", "hunter3"))
            .toString();
    assertFalse(text.contains("hunter"), text);
  }
}

package dev.belay.intake.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.release.Release;
import dev.belay.intake.IntakeLimits;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
  private final RecordReader reader = Samples.reader();

  private static Release release(Reading reading) {
    return assertInstanceOf(Reading.Announces.class, reading).release();
  }

  private static String poison(Reading reading) {
    return assertInstanceOf(Reading.Poison.class, reading).why();
  }

  @Test
  void theFrameOfASchemaRegistryIsPassedOver() {
    byte[] body = Samples.release("r1");
    byte[] framed = new byte[body.length + 5];
    framed[4] = 9;
    System.arraycopy(body, 0, framed, 5, body.length);
    assertEquals("r1", release(reader.read(Samples.record(0, framed))).id());
  }

  @Test
  void framedAvroIsNamedAsWhatItMayBe() {
    String why = poison(reader.read(Samples.record(0, new byte[] {0, 0, 0, 0, 1, 14, 'a', 'b'})));
    assertTrue(why.contains("Avro and Protobuf are not read"), why);
  }

  /** A magic 1 and a GUID. */
  private static ConsumerRecord<byte[], byte[]> named(byte[] value) {
    ConsumerRecord<byte[], byte[]> record = Samples.record(0, value);
    byte[] id = new byte[17];
    id[0] = 1;
    record.headers().add("__value_schema_id", id);
    return record;
  }

  @Test
  void aSchemaThatAHeaderNamesLeavesTheBodyWhole() {
    assertEquals("r1", release(reader.read(named(Samples.release("r1")))).id());
  }

  @Test
  void whatAHeaderSaysHasASchemaAndIsNoJsonIsNamedAsWhatItMayBe() {
    for (byte[] value : new byte[][] {{}, {14, 'a', 'b'}, {0, 0, 0, 0, 1, '{', '}'}}) {
      String why = poison(reader.read(named(value)));
      assertTrue(why.contains("Avro and Protobuf are not read"), why);
    }
  }

  @Test
  void attributesOfABinaryCloudEventStandInForTheBodys() {
    ConsumerRecord<byte[], byte[]> record =
        Samples.record(0, "{\"service\":\"covet\"}".getBytes(UTF_8));
    record.headers().add("ce_id", "e1".getBytes(UTF_8));
    record.headers().add("ce_source", "ci".getBytes(UTF_8));
    assertEquals("e1", release(reader.read(record)).id());
  }

  @Test
  void whatNamesNoTimeHappenedWhenItWasPublished() {
    ConsumerRecord<byte[], byte[]> old =
        Samples.record(
            Samples.PARTITION, 0, Samples.release("r1"), Samples.NOW.minusSeconds(7_200));
    assertEquals(
        Optional.of(Samples.NOW.minusSeconds(7_200)), release(reader.read(old)).finishedAt());
    ConsumerRecord<byte[], byte[]> ahead =
        Samples.record(Samples.PARTITION, 0, Samples.release("r1"), Samples.NOW.plusSeconds(7_200));
    assertEquals(Optional.of(Samples.NOW), release(reader.read(ahead)).finishedAt());
  }

  @Test
  void noValueIsATombstone() {
    assertInstanceOf(Reading.Tombstone.class, reader.read(Samples.record(0, null)));
  }

  @Test
  void belaysOwnEventThatComesBackIsOfNoInterest() {
    byte[] own =
        "{\"id\":\"1\",\"source\":\"belay\",\"service\":\"covet\",\"change\":\"rolledback\"}"
            .getBytes(UTF_8);
    assertInstanceOf(Reading.Irrelevant.class, reader.read(Samples.record(0, own)));
  }

  @Test
  void whatCannotBeReadSaysWhyOnOneBoundedLine() {
    byte[] hostile =
        ("{\"id\":\"1\",\"source\":\"s\",\"service\":\"x\",\"a\\r\\nb" + "c".repeat(900) + "\":1}")
            .getBytes(UTF_8);
    String why = poison(reader.read(Samples.record(0, hostile)));
    assertTrue(why.length() <= 400 && why.lines().count() == 1, why);
    for (byte[] value :
        new byte[][] {{}, {0}, {'{', (byte) 0xff}, "[]".getBytes(UTF_8), "1".getBytes(UTF_8)}) {
      assertTrue(!poison(reader.read(Samples.record(0, value))).isEmpty());
    }
  }

  @Test
  void moreThanTheLimitIsNotEvenParsed() {
    byte[] large = new byte[IntakeLimits.standard().bodyBytes() + 1];
    assertTrue(poison(reader.read(Samples.record(0, large))).contains("intake.body_limit"));
  }
}

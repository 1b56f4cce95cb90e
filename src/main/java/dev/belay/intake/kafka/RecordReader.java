package dev.belay.intake.kafka;

import dev.belay.core.engine.Event;
import dev.belay.intake.IntakeLimits;
import dev.belay.intake.OneLine;
import dev.belay.intake.Parsed;
import dev.belay.intake.ReleaseEvents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes readings of records: the formats of {@link ReleaseEvents}, CloudEvents as their Kafka
 * binding has it, all with or without what a schema registry's serializers add: five bytes in
 * front, or a header. Never throws: a record that breaks the parser is poison like any other.
 */
final class RecordReader {
  private static final Logger LOG = LoggerFactory.getLogger(RecordReader.class);
  private static final String ATTRIBUTE = "ce_";
  private static final String CONTENT_TYPE = "content-type";

  /** A zero, and the schema's number in four bytes. */
  private static final int FRAME = 5;

  /** In which the newer serializers have it, and nothing in front. */
  private static final String SCHEMA = "__value_schema_id";

  private final ReleaseEvents events;
  private final int largest;
  private final InstantSource clock;

  RecordReader(IntakeLimits limits, InstantSource clock) {
    this.events = new ReleaseEvents(limits);
    this.largest = limits.bodyBytes();
    this.clock = clock;
  }

  Reading read(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value == null) {
      return new Reading.Tombstone();
    }
    if (value.length > largest) {
      return new Reading.Poison(
          "its " + value.length + " bytes are more than the " + largest + " of intake.body_limit");
    }
    boolean named = record.headers().lastHeader(SCHEMA) != null;
    boolean framed = !named && value.length > FRAME && value[0] == 0;
    byte[] body = framed ? Arrays.copyOfRange(value, FRAME, value.length) : value;
    if ((framed || named) && !beginsObject(body)) {
      return new Reading.Poison(
          "it has a schema's number "
              + (named
                  ? "in its headers and is no JSON object"
                  : "in front and is no JSON object after it")
              + "; Avro and Protobuf are not read, so publish it with a JSON Schema");
    }
    try {
      return reading(events.parse(contentType(record), attributes(record), body, at(record)));
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("this is a bug: reading a record failed; it is passed over");
      return new Reading.Poison("Belay failed at reading it, and its log says where");
    }
  }

  private static boolean beginsObject(byte[] body) {
    return body.length > 0 && (body[0] == '{' || Character.isWhitespace(body[0]));
  }

  private static Reading reading(Parsed parsed) {
    return switch (parsed) {
      case Parsed.Taken(Event.ReleaseReceived(var release), _) -> new Reading.Announces(release);
      case Parsed.Taken _, Parsed.Ignored _ -> new Reading.Irrelevant();
      case Parsed.Refused(_, var sentence) -> new Reading.Poison(OneLine.of(sentence));
    };
  }

  /**
   * When it was published: what names no time itself happened then, and not when it is read, which
   * may be long after. Never later than now.
   */
  private Instant at(ConsumerRecord<byte[], byte[]> record) {
    Instant now = clock.instant();
    long stamp = record.timestamp();
    return stamp >= 0 && stamp < now.toEpochMilli() ? Instant.ofEpochMilli(stamp) : now;
  }

  private static String contentType(ConsumerRecord<byte[], byte[]> record) {
    Header type = record.headers().lastHeader(CONTENT_TYPE);
    return type == null ? "" : text(type);
  }

  private static Map<String, String> attributes(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> attributes = new HashMap<>();
    for (Header header : record.headers()) {
      String name = header.key().toLowerCase(Locale.ROOT);
      if (name.startsWith(ATTRIBUTE)) {
        attributes.put(name.substring(ATTRIBUTE.length()), text(header));
      }
    }
    return attributes;
  }

  private static String text(Header header) {
    byte[] value = header.value();
    return value == null ? "" : new String(value, StandardCharsets.UTF_8);
  }
}

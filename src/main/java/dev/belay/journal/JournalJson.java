package dev.belay.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import dev.belay.core.alert.Episode;
import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Fact;
import dev.belay.core.release.Release;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.module.SimpleModule;

/**
 * How the journal writes values as JSON. The core knows nothing of it, so everything that Jackson
 * must be told is told here.
 *
 * <p>A record is an object with its components in order. An empty {@code Optional} is null in a
 * map; as a component it is absent from a fact, and null in a snapshot. A variant of a sealed type
 * names itself first. Moments and durations are ISO-8601 texts, enum constants their names, labels
 * an object in order of the names. The same value always gives the same bytes.
 *
 * <p>Reading is strict, for a row that cannot be understood in full must not be understood in part:
 * unknown fields, unknown names, missing or null components and other types are errors. Reading is
 * also the inverse of writing for all that can be written, hostile text included: no limit here is
 * narrower than that of {@link FactCodec} on a whole row.
 */
final class JournalJson {
  /** The most that is read in one go, in bytes: the largest snapshot. */
  static final int MAX_BYTES = 512 << 20;

  // Far above what the records nest, far below what a stack bears.
  private static final int MAX_DEPTH = 64;

  private JournalJson() {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "fact")
  private interface FactShape {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "plan")
  private interface PlanShape {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
  private interface OutcomeShape {}

  /** For facts: an empty component is absent, so that a later version may add one. */
  static JsonMapper facts() {
    return mapper(JsonInclude.Include.NON_ABSENT)
        .addModule(
            new SimpleModule("many")
                .addSerializer(Episode.class, new EpisodeOut())
                .addSerializer(Release.class, new ReleaseOut())
                .addSerializer(Fact.ReleaseRecorded.class, new ReleaseRecordedOut()))
        .build();
  }

  /**
   * For snapshots: an empty component is null, so that what a later version adds is missed; what is
   * missing is empty.
   */
  static JsonMapper snapshots() {
    return mapper(JsonInclude.Include.ALWAYS)
        .withConfigOverride(
            List.class,
            list -> list.setNullHandling(JsonSetter.Value.construct(Nulls.AS_EMPTY, Nulls.FAIL)))
        .withConfigOverride(
            SortedMap.class,
            map -> map.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
        .build();
  }

  private static JsonMapper.Builder mapper(JsonInclude.Include components) {
    SimpleModule values = new SimpleModule("belay");
    values
        .addSerializer(Labels.class, new LabelsOut())
        .addDeserializer(Labels.class, new LabelsIn());
    values.addDeserializer(String.class, new TextIn());
    values
        .addSerializer(ActionId.class, new ActionIdOut())
        .addDeserializer(ActionId.class, new ActionIdIn());
    values
        .addSerializer(Instant.class, new InstantOut())
        .addDeserializer(Instant.class, new InstantIn());
    JsonMapper.Builder mapper =
        JsonMapper.builder(factory())
            .addModule(values)
            .addMixIn(Fact.class, FactShape.class)
            .addMixIn(Plan.class, PlanShape.class)
            .addMixIn(Outcome.class, OutcomeShape.class)
            .changeDefaultPropertyInclusion(
                _ -> JsonInclude.Value.construct(components, JsonInclude.Include.ALWAYS))
            .withConfigOverride(
                List.class,
                list -> list.setNullHandling(JsonSetter.Value.forContentNulls(Nulls.FAIL)))
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(
                DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
                DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(
                EnumFeature.READ_ENUMS_USING_TO_STRING, EnumFeature.WRITE_ENUMS_USING_TO_STRING)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    Vocabulary.NAMES
        .values()
        .forEach(
            variants ->
                variants.forEach(
                    (name, type) -> mapper.registerSubtypes(new NamedType(type, name))));
    return mapper;
  }

  private static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxDocumentLength(MAX_BYTES)
                .maxStringLength(MAX_BYTES)
                .maxNameLength(MAX_BYTES)
                .maxNestingDepth(MAX_DEPTH)
                .build())
        // Labels are names of fields, and foreign: whoever makes their hashes collide must not make
        // the journal unreadable.
        .disable(TokenStreamFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
        // Half a surrogate pair is no character, but it comes in by \ud800 and must come out again.
        .disable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
        .build();
  }

  private static final class LabelsOut extends ValueSerializer<Labels> {
    @Override
    public void serialize(Labels labels, JsonGenerator out, SerializationContext context) {
      EpisodeOut.labels(labels, out);
    }
  }

  private static final class LabelsIn extends ValueDeserializer<Labels> {
    @Override
    public Labels deserialize(JsonParser in, DeserializationContext context) {
      if (!in.isExpectedStartObjectToken()) {
        return (Labels) context.handleUnexpectedToken(Labels.class, in);
      }
      Map<String, String> values = new LinkedHashMap<>();
      for (String name = in.nextName(); name != null; name = in.nextName()) {
        if (in.nextToken() != JsonToken.VALUE_STRING) {
          return (Labels) context.handleUnexpectedToken(Labels.class, in);
        }
        values.put(name, in.getString());
      }
      return Labels.of(values);
    }
  }

  /** Jackson's own takes numbers as well. */
  private static final class TextIn extends ValueDeserializer<String> {
    @Override
    public String deserialize(JsonParser in, DeserializationContext context) {
      return in.currentToken() == JsonToken.VALUE_STRING
          ? in.getString()
          : (String) context.handleUnexpectedToken(String.class, in);
    }
  }

  private static final class ActionIdOut extends ValueSerializer<ActionId> {
    @Override
    public void serialize(ActionId id, JsonGenerator out, SerializationContext context) {
      out.writeString(id.value());
    }
  }

  private static final class ActionIdIn extends ValueDeserializer<ActionId> {
    @Override
    public ActionId deserialize(JsonParser in, DeserializationContext context) {
      return in.currentToken() == JsonToken.VALUE_STRING
          ? new ActionId(in.getString())
          : (ActionId) context.handleUnexpectedToken(ActionId.class, in);
    }
  }

  private static final class InstantOut extends ValueSerializer<Instant> {
    @Override
    public void serialize(Instant instant, JsonGenerator out, SerializationContext context) {
      out.writeString(Moment.write(instant));
    }
  }

  private static final class InstantIn extends ValueDeserializer<Instant> {
    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) {
      if (in.currentToken() != JsonToken.VALUE_STRING) {
        return (Instant) context.handleUnexpectedToken(Instant.class, in);
      }
      try {
        return Instant.parse(in.getString());
      } catch (DateTimeParseException e) {
        return (Instant)
            context.handleWeirdStringValue(
                Instant.class, in.getString(), "not a moment in ISO-8601");
      }
    }
  }
}

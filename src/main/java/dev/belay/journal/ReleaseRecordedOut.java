package dev.belay.journal;

import dev.belay.core.engine.Fact;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;

/** The fact around a {@link ReleaseOut}, byte for byte as Jackson would write it too. */
final class ReleaseRecordedOut extends ValueSerializer<Fact.ReleaseRecorded> {
  private static final SerializableString FACT = new SerializedString("fact");
  private static final SerializableString NAME = new SerializedString("ReleaseRecorded");
  private static final SerializableString SERVICE = new SerializedString("service");
  private static final SerializableString RELEASE = new SerializedString("release");

  private final ReleaseOut releases = new ReleaseOut();

  @Override
  public void serializeWithType(
      Fact.ReleaseRecorded fact,
      JsonGenerator out,
      SerializationContext context,
      TypeSerializer named) {
    serialize(fact, out, context);
  }

  @Override
  public void serialize(
      Fact.ReleaseRecorded fact, JsonGenerator out, SerializationContext context) {
    out.writeStartObject();
    out.writeName(FACT);
    out.writeString(NAME);
    out.writeName(SERVICE);
    out.writeString(fact.service());
    out.writeName(RELEASE);
    releases.serialize(fact.release(), out, context);
    out.writeEndObject();
  }
}

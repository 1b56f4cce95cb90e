package dev.belay.journal;

import dev.belay.core.release.Release;
import dev.belay.core.release.Sighting;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/**
 * Releases within facts, byte for byte as Jackson would write the record, in less of the time: a
 * topic of releases that is read from its beginning is nothing else.
 */
final class ReleaseOut extends ValueSerializer<Release> {
  private static final SerializableString ID = new SerializedString("id");
  private static final SerializableString SOURCE = new SerializedString("source");
  private static final SerializableString SERVICE = new SerializedString("service");
  private static final SerializableString ENVIRONMENT = new SerializedString("environment");
  private static final SerializableString CHANGE = new SerializedString("change");
  private static final SerializableString VERSION = new SerializedString("version");
  private static final SerializableString IMAGE = new SerializedString("image");
  private static final SerializableString STARTED_AT = new SerializedString("startedAt");
  private static final SerializableString FINISHED_AT = new SerializedString("finishedAt");
  private static final SerializableString ACTOR = new SerializedString("actor");
  private static final SerializableString SIGHTING = new SerializedString("sighting");
  private static final SerializableString REVISION = new SerializedString("revision");
  private static final SerializableString DIGEST = new SerializedString("digest");
  private static final SerializableString CHANGE_CAUSE = new SerializedString("changeCause");
  private static final SerializableString OWNER = new SerializedString("owner");

  @Override
  public void serialize(Release release, JsonGenerator out, SerializationContext context) {
    out.writeStartObject();
    text(ID, release.id(), out);
    text(SOURCE, release.source(), out);
    text(SERVICE, release.service(), out);
    text(ENVIRONMENT, release.environment(), out);
    text(CHANGE, release.change().name(), out);
    release.version().ifPresent(version -> text(VERSION, version, out));
    release.image().ifPresent(image -> text(IMAGE, image, out));
    text(STARTED_AT, Moment.write(release.startedAt()), out);
    release.finishedAt().ifPresent(at -> text(FINISHED_AT, Moment.write(at), out));
    release.actor().ifPresent(actor -> text(ACTOR, actor, out));
    release.sighting().ifPresent(sighting -> sighting(sighting, out));
    out.writeEndObject();
  }

  private static void sighting(Sighting sighting, JsonGenerator out) {
    out.writeName(SIGHTING);
    out.writeStartObject();
    out.writeName(REVISION);
    out.writeNumber(sighting.revision());
    text(DIGEST, sighting.digest(), out);
    sighting.changeCause().ifPresent(cause -> text(CHANGE_CAUSE, cause, out));
    sighting.owner().ifPresent(owner -> text(OWNER, owner, out));
    out.writeEndObject();
  }

  private static void text(SerializableString name, String value, JsonGenerator out) {
    out.writeName(name);
    out.writeString(value);
  }
}

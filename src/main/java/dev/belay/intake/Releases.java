package dev.belay.intake;

import dev.belay.core.engine.Event;
import dev.belay.core.release.Release;
import dev.belay.core.release.Shipment;
import java.util.Optional;

/** The last step of every format of release events. */
final class Releases {
  private static final String OWN = "belay";

  private Releases() {}

  /** The release as an event, unless it is Belay's own that came back. */
  static Parsed taken(Release release) {
    return own(release.source())
        ? new Parsed.Ignored(Parsed.Ignorance.OWN)
        : new Parsed.Taken(new Event.ReleaseReceived(release), Optional.empty());
  }

  /** What a tool shipped, as an event. */
  static Parsed taken(Shipment shipment) {
    return new Parsed.Taken(new Event.ShipmentReceived(shipment), Optional.empty());
  }

  /** Not to be taken for a release, for this reason. */
  static Parsed ignored(Parsed.Ignorance why, String sentence) {
    return new Parsed.Ignored(why, Optional.of(sentence));
  }

  /** Whether the source is Belay itself. */
  static boolean own(String source) {
    String name = source.startsWith("urn:") ? source.substring("urn:".length()) : source;
    return name.equals(OWN) || name.startsWith(OWN + "/") || name.startsWith(OWN + ":");
  }
}

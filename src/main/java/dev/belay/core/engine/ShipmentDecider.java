package dev.belay.core.engine;

import dev.belay.core.incident.Evidence;
import dev.belay.core.release.Release;
import dev.belay.core.release.Shipment;
import java.util.List;
import java.util.Optional;

/** Makes releases of what tools say they shipped. */
final class ShipmentDecider {
  private final Addressees addressees;
  private final ReleaseDecider releases;

  ShipmentDecider(Addressees addressees, ReleaseDecider releases) {
    this.addressees = addressees;
    this.releases = releases;
  }

  void accept(Turn turn, Shipment shipment) {
    Optional<Evidence> stranger = stranger(shipment);
    if (stranger.isEmpty()) {
      meant(shipment).stream()
          .filter(release -> releases.stranger(release).isEmpty())
          .filter(release -> !shipment.confirms() || known(turn, release))
          .forEach(release -> releases.accept(turn, release));
    } else if (!shipment.confirms()) {
      ReleaseDecider.ignore(turn, shipment.release(), stranger.get());
    }
  }

  /** What of the shipment fits no service. */
  Optional<Evidence> stranger(Shipment shipment) {
    List<Release> meant = meant(shipment);
    if (meant.isEmpty()) {
      return Optional.of(new Evidence(shipment.by().key(), shipment.thing()));
    }
    List<Optional<Evidence>> misfits = meant.stream().map(releases::stranger).toList();
    return misfits.stream().allMatch(Optional::isPresent) ? misfits.getFirst() : Optional.empty();
  }

  private List<Release> meant(Shipment shipment) {
    return addressees.of(shipment).stream().map(service -> shipment.of(service.name())).toList();
  }

  /** Tools say again and again what is in force: when that came, only the first word tells. */
  private static boolean known(Turn turn, Release release) {
    return turn.state
        .service(release.service())
        .flatMap(state -> state.release(release.announcement()))
        .isPresent();
  }
}

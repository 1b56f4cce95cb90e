package dev.belay.core.engine;

import dev.belay.core.release.Shipment;
import dev.belay.core.release.Shipper;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * Tells which services a tool means. A rule that says by which name the tool announces its service
 * is meant by that name alone; any other service by its workload, or by its own name where the
 * place fits.
 */
final class Addressees {
  private final ServiceIndex index;
  private final Map<Shipper, Map<String, List<Service>>> announced = new EnumMap<>(Shipper.class);

  Addressees(RuleSet rules, ServiceIndex index) {
    this.index = index;
    for (Service service : rules.services()) {
      service
          .announcedAs()
          .forEach(
              (by, thing) ->
                  announced
                      .computeIfAbsent(by, _ -> new HashMap<>())
                      .computeIfAbsent(thing, _ -> new ArrayList<>())
                      .add(service));
    }
  }

  /** The services that are meant; none where it is nobody's. */
  SequencedSet<Service> of(Shipment shipment) {
    SequencedSet<Service> meant =
        new LinkedHashSet<>(
            announced
                .getOrDefault(shipment.by(), Map.of())
                .getOrDefault(shipment.thing(), List.of()));
    shipment.workloads().stream()
        .flatMap(workload -> index.byWorkload(workload).stream())
        .filter(service -> unnamed(service, shipment) && here(service, shipment))
        .forEach(meant::add);
    index
        .byName(shipment.name())
        .filter(service -> unnamed(service, shipment) && here(service, shipment))
        .filter(service -> inItsNamespace(service, shipment))
        .ifPresent(meant::add);
    return meant;
  }

  private static boolean unnamed(Service service, Shipment shipment) {
    return !service.announcedAs().containsKey(shipment.by());
  }

  /** Another cluster may have a workload of the same name. */
  private boolean here(Service service, Shipment shipment) {
    return shipment.cluster().isEmpty()
        || index
            .environmentOf(service)
            .filter(environment -> environment.cluster().equals(shipment.cluster().get()))
            .isPresent();
  }

  private static boolean inItsNamespace(Service service, Shipment shipment) {
    return service.workload().isEmpty()
        || shipment.namespace().isEmpty()
        || shipment.namespace().get().equals(service.workload().get().namespace());
  }
}

package dev.belay.intake.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A proxy that logs people in and names them in a header. It must overwrite or remove that header,
 * and the one of groups, in all that it lets through; what comes from elsewhere with the header is
 * as good as without.
 *
 * @param header names the person
 * @param groupsHeader lists the person's groups, with commas between them
 * @param groups what the members of a group may do, by its name; the most counts
 * @param everyone what everybody may do whom the proxy names; empty: nothing without a group
 * @param from the proxy's addresses
 */
public record TrustedProxy(
    String header,
    Optional<String> groupsHeader,
    Map<String, Role> groups,
    Optional<Role> everyone,
    List<AddressRange> from) {
  private static final int NAME_AT_MOST = 100;

  /**
   * A person.
   *
   * @param role empty where the person may do nothing
   */
  record Person(String name, Optional<Role> role) {}

  /** Whom the proxy names; empty where the request is not the proxy's, or nobody is named. */
  Optional<Person> person(HttpServerRequest request) {
    SocketAddress remote = request.connection().remoteAddress();
    String address = remote == null ? null : remote.hostAddress();
    List<String> names = request.headers().getAll(header);
    if (address == null
        || from.stream().noneMatch(range -> range.holds(address))
        // Two names are one of the proxy's and one of somebody else's.
        || names.size() != 1) {
      return Optional.empty();
    }
    String name = names.getFirst().strip();
    return name.isEmpty() || name.length() > NAME_AT_MOST
        ? Optional.empty()
        : Optional.of(new Person(name, role(request)));
  }

  private Optional<Role> role(HttpServerRequest request) {
    Stream<Role> ofGroups =
        groupsHeader
            .map(named -> request.headers().getAll(named))
            .filter(all -> all.size() == 1)
            .stream()
            .flatMap(all -> Arrays.stream(all.getFirst().split(",", -1)))
            .flatMap(group -> Optional.ofNullable(groups.get(group.strip())).stream());
    return Stream.concat(everyone.stream(), ofGroups).max(Role::compareTo);
  }
}

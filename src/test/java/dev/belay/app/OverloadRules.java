package dev.belay.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Rule files for services by the number, each of which sets a flag where Overload fires. */
public final class OverloadRules {
  private OverloadRules() {}

  /**
   * Writes {@code service-N.yml} for each service of that name into {@code rules} in the folder.
   *
   * @param namespace of the ConfigMaps {@code flags-N}
   * @param more further lines of each file
   * @return the folder {@code rules}
   */
  public static Path write(
      Path folder, int services, String namespace, String lease, String verify, String more)
      throws IOException {
    Path rules = Files.createDirectories(folder.resolve("rules"));
    for (int i = 0; i < services; i++) {
      Files.writeString(
          rules.resolve("service-" + i + ".yml"),
          """
          service: service-%1$d
          match: { service: service-%1$d }
          remediations:
            - name: overload
              when: [ 'alertname="Overload"' ]
              mode: act
              ladder:
                - flags: { config_map: flags-%1$d, namespace: %2$s, set: { ANALYTICS: "false" } }
                  lease: %3$s
                  verify: %4$s
                - page: {}
          %5$s
          """
              .formatted(i, namespace, lease, verify, more));
    }
    return rules;
  }
}

package dev.belay.core.remediation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SHA-256 over all that a plan does and to what. Left out is what moves without making it another
 * plan: a workload's generation, which is a guard of the moment.
 */
final class PlanDigest {
  private static final int HEX_LENGTH = 32;

  private final StringBuilder canonical = new StringBuilder();

  private PlanDigest() {}

  /**
   * The digest.
   *
   * @return 32 lower-case hexadecimal digits
   */
  static String of(Plan plan) {
    PlanDigest digest = new PlanDigest();
    digest.add(plan.kind());
    switch (plan) {
      case Plan.RollBack roll -> {
        digest.add(roll.workload().toString());
        digest.add(roll.uid());
        digest.add(roll.fromDigest());
        digest.add(roll.toRevision());
        digest.add(roll.toDigest());
        digest.add(Long.toString(roll.toNumber()));
        digest.add(roll.fromImages());
        digest.add(roll.toImages());
      }
      case Plan.SetFlags(var configMap, var uid, var prior, var set) ->
          digest.flags(configMap, uid, prior, set);
      case Plan.RestoreFlags(var configMap, var uid, var prior, var set) ->
          digest.flags(configMap, uid, prior, set);
      case Plan.ApplyManifests(var manifests) -> digest.manifests(manifests);
      case Plan.DeleteManifests(var manifests, var madeBy) -> {
        digest.manifests(manifests);
        digest.add(madeBy.map(ActionId::value));
      }
    }
    return digest.hex();
  }

  private void flags(
      ConfigMapRef configMap,
      String uid,
      Map<String, Optional<String>> prior,
      Map<String, String> set) {
    add(configMap.toString());
    add(uid);
    add(Integer.toString(prior.size()));
    prior.forEach(
        (flag, value) -> {
          add(flag);
          add(value);
        });
    add(Integer.toString(set.size()));
    set.forEach(
        (flag, value) -> {
          add(flag);
          add(value);
        });
  }

  private void manifests(List<Manifest> manifests) {
    add(Integer.toString(manifests.size()));
    for (Manifest manifest : manifests) {
      add(manifest.apiVersion());
      add(manifest.toString());
      add(manifest.json());
    }
  }

  private void add(List<String> texts) {
    add(Integer.toString(texts.size()));
    texts.forEach(this::add);
  }

  private void add(Optional<String> text) {
    add(text.isPresent() ? "is" : "absent");
    text.ifPresent(this::add);
  }

  /** With its length, so that no two lists of texts look alike. */
  private void add(String text) {
    canonical.append(text.length()).append(':').append(text);
  }

  private String hex() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, HEX_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

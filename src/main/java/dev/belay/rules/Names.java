package dev.belay.rules;

import dev.belay.core.release.Workload;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Unreadable;
import java.util.List;
import java.util.regex.Pattern;

/** Names as Kubernetes has them, and those of our own. */
final class Names {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern OWN = Pattern.compile("[A-Za-z0-9][-._A-Za-z0-9]{0,62}");
  private static final Pattern KEY = Pattern.compile("[-._A-Za-z0-9]{1,253}");
  private static final int SUBDOMAIN_LENGTH = 253;

  /** The kinds of workloads. */
  static final List<String> WORKLOADS =
      List.of("deployment", "statefulset", "daemonset", "rollout");

  private Names() {}

  /** A namespace's name. */
  static String namespace(String text) throws Unreadable {
    if (!LABEL.matcher(text).matches()) {
      throw new Unreadable(
          Quoted.of(text)
              + " cannot be a namespace; write up to 63 lower-case letters, digits and \"-\"");
    }
    return text;
  }

  /** The name of an object in a namespace. */
  static String object(String text) throws Unreadable {
    if (text.length() > SUBDOMAIN_LENGTH || !SUBDOMAIN.matcher(text).matches()) {
      throw new Unreadable(
          Quoted.of(text)
              + " cannot be an object's name; write lower-case letters, digits, \"-\" and \".\"");
    }
    return text;
  }

  /** A key in a ConfigMap. */
  static String configMapKey(String text) throws Unreadable {
    if (!KEY.matcher(text).matches()) {
      throw new Unreadable(
          Quoted.of(text)
              + " cannot be a key of a ConfigMap; write letters, digits, \"-\", \"_\" and \".\"");
    }
    return text;
  }

  /** The name of a service or a remediation, which also stands in metrics and addresses. */
  static String own(String text) throws Unreadable {
    if (!OWN.matcher(text).matches()) {
      throw new Unreadable(
          Quoted.of(text)
              + " cannot be a name; write up to 63 letters, digits, \"-\", \"_\" and \".\"");
    }
    return text;
  }

  /** {@code KIND/NAMESPACE/NAME}. */
  static Workload workload(String text) throws Unreadable {
    String[] parts = text.split("/", -1);
    if (parts.length != 3 || !WORKLOADS.contains(parts[0])) {
      throw new Unreadable(
          Quoted.of(text)
              + " is not a workload that Belay knows; write it as KIND/NAMESPACE/NAME, such as"
              + " deployment/covet/covet-app; kinds are "
              + String.join(", ", WORKLOADS));
    }
    return new Workload(parts[0], namespace(parts[1]), object(parts[2]));
  }
}

package dev.belay.core.remediation;

/** The name of a ConfigMap. */
public record ConfigMapRef(String namespace, String name) {
  @Override
  public String toString() {
    return "configmap/" + namespace + "/" + name;
  }
}

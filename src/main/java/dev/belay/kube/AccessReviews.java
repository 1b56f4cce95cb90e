package dev.belay.kube;

import dev.belay.core.access.Access;
import tools.jackson.databind.node.ObjectNode;

/** Asks the server what Belay may do; everybody may ask that of themselves. */
final class AccessReviews {
  private static final String PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

  private final Api api;

  AccessReviews(Api api) {
    this.api = api;
  }

  boolean allows(Access access) {
    return switch (api.post(PATH, review(access))) {
      case Answer.Of answer when answer.successful() ->
          answer.body().path("status").path("allowed").asBoolean(false);
      case Answer answer -> throw Api.unanswered("asking for its rights", answer);
    };
  }

  private static ObjectNode review(Access access) {
    ObjectNode review = Api.JSON.createObjectNode();
    review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SelfSubjectAccessReview");
    ObjectNode attributes = review.putObject("spec").putObject("resourceAttributes");
    attributes
        .put("verb", access.verb().word())
        .put("group", access.group())
        .put("resource", access.resource());
    access.name().ifPresent(name -> attributes.put("name", name));
    access.namespace().ifPresent(namespace -> attributes.put("namespace", namespace));
    return review;
  }
}

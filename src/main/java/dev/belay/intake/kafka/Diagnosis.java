package dev.belay.intake.kafka;

import dev.belay.intake.OneLine;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What is amiss with Kafka, in a sentence with its remedy and without secrets. */
final class Diagnosis {
  private Diagnosis() {}

  static String of(Throwable thrown, KafkaSettings settings) {
    Throwable cause = root(thrown);
    String said = OneLine.of(String.valueOf(cause.getMessage()));
    return switch (cause) {
      case TimeoutException _, DisconnectException _ ->
          "no broker answers at "
              + String.join(", ", settings.brokers())
              + "; check that the address can be reached from here, and that"
              + " client.security.protocol is what the broker speaks there";
      case SaslAuthenticationException _ ->
          "the broker refuses the login ("
              + said
              + "); check username, password and client.sasl.mechanism under kafka";
      case SslAuthenticationException _ ->
          "no TLS with the broker ("
              + said
              + "); check the truststore and the keystore under kafka.client";
      case TopicAuthorizationException topic ->
          barred(String.join(", ", topic.unauthorizedTopics()));
      case GroupAuthorizationException group ->
          "the broker lets this user not join the group "
              + group.groupId()
              + "; grant it Read on the group";
      case AuthorizationException _ ->
          "the broker does not let this user do what it must (" + said + "); grant it";
      case UnsupportedVersionException _ ->
          "the broker is too old for this ("
              + said
              + "); write group_protocol: classic, or use a broker from 4.0 on";
      case InconsistentGroupProtocolException _ ->
          "the group "
              + settings.group()
              + " has members of another kind; name another under kafka.group";
      default ->
          "Kafka's client fails with "
              + cause.getClass().getSimpleName()
              + ": "
              + said
              + "; check the configuration under kafka";
    };
  }

  static String missing(String topic) {
    return "there is no topic " + topic + "; create it, or name another under kafka.topics";
  }

  static String barred(String topic) {
    return "the broker lets this user not read "
        + topic
        + "; grant it Describe and Read on the topic";
  }

  static String barredDeadLetters(String topic) {
    return "the broker lets this user not write to "
        + topic
        + ", the topic for dead letters; grant it Describe and Write. Until then the journal keeps"
        + " a note of each instead";
  }

  static String noDeadLetters(String topic) {
    return "there is no topic "
        + topic
        + " for dead letters; create it. Until then the journal keeps a note of each instead";
  }

  /** What lies beneath the wraps of futures, and of clients that could not be made. */
  static Throwable root(Throwable thrown) {
    Throwable cause = thrown.getCause();
    boolean wrap =
        thrown instanceof ExecutionException
            || thrown instanceof CompletionException
            || thrown.getClass().equals(org.apache.kafka.common.KafkaException.class);
    return wrap && cause != null ? root(cause) : thrown;
  }
}

package dev.belay.console;

import ch.qos.logback.classic.spi.ILoggingEvent;
import co.elastic.logging.JsonUtils;
import co.elastic.logging.logback.EcsEncoder;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * Elastic's encoder, which writes one JSON object a line, and besides the keys of a line, which it
 * leaves out: those that ECS knows by their name, the others below {@code labels}.
 */
public final class EcsLines extends EcsEncoder {
  @Override
  protected void addCustomFields(ILoggingEvent event, StringBuilder json) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs == null) {
      return;
    }
    for (KeyValuePair pair : pairs) {
      json.append('"');
      JsonUtils.quoteAsString(
          pair.key.startsWith("event.") ? pair.key : "labels." + pair.key, json);
      json.append("\":\"");
      JsonUtils.quoteAsString(String.valueOf(pair.value), json);
      json.append("\",");
    }
  }
}

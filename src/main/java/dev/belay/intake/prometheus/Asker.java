package dev.belay.intake.prometheus;

import dev.belay.core.rule.Measure;
import dev.belay.core.rule.Trigger;

/**
 * A trigger of a service that waits for the answer to a query.
 *
 * @param service the service's name
 * @param measure how its signal is measured
 * @param source what is asked, for people: a metric, or "its query"
 * @param values which series mean the service in the answer for its signal
 * @param traffic which do in that for requests a second; a query of people's own may be of metrics
 *     that name the service by other labels
 * @param minimumTraffic below so many requests a second it is unknown; 0 asks for none
 */
record Asker(
    String service,
    Trigger trigger,
    Measure measure,
    String source,
    Selection values,
    Selection traffic,
    double minimumTraffic) {}

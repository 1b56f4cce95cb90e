/**
 * What monitoring says is wrong: labels, matchers, alerts and their episodes. Values only, the JDK
 * only.
 */
@NullMarked
package dev.belay.core.alert;

import org.jspecify.annotations.NullMarked;

/**
 * What people and machines look at, and where people answer: the HTTP API, health, metrics, and the
 * log lines about decisions. Reads the State by {@link dev.belay.port.Queries}, answers by {@link
 * dev.belay.port.Inbox}; decides nothing, keeps nothing, and knows no other adapter.
 */
@NullMarked
package dev.belay.console;

import org.jspecify.annotations.NullMarked;

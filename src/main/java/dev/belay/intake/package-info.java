/**
 * Foreign bytes become events here: pure parsers with limits, shared by every door. No network, no
 * clock and no framework; what the doors themselves need lives below, one package each.
 */
@NullMarked
package dev.belay.intake;

import org.jspecify.annotations.NullMarked;

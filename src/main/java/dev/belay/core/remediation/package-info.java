/** What can be done about it: the ladder, actions, plans and what became of them. */
@NullMarked
package dev.belay.core.remediation;

import org.jspecify.annotations.NullMarked;

/**
 * Finds the smallest rules that a trail justifies. Start at {@link io.konnectproxy.suggest.SuggestionBuilder}, which decides what
 * the evidence is; {@link io.konnectproxy.suggest.SmallestRules} makes rules of it. The package does not know the configuration's
 * files: its result is a rule set of the policy.
 */
@NullMarked
package io.konnectproxy.suggest;

import org.jspecify.annotations.NullMarked;

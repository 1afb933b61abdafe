import { closest, distance } from 'fastest-levenshtein';
import { quote } from './quote.ts';

/** A hint for a word that is not among the known ones: the one that was probably meant, then all of them. */
export function suggest(word: string, known: readonly string[]): string {
  const nearest = closest(word.toLowerCase(), known);
  // Half a word of typing mistakes is a guess no more.
  const isNear = distance(word.toLowerCase(), nearest.toLowerCase()) <= Math.max(1, word.length / 2);
  return `${isNear ? `did you mean ${quote(nearest)}? ` : ''}known are: ${known.join(', ')}`;
}

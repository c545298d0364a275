import { cleanText } from './clean-text.ts';
import { maskSecrets } from './mask.ts';

/**
 * Words of the cluster as they may leave the agent. Cleaned first: a colour code in the middle would hide a token. Long
 * lines are cut last: half a secret is not known for one.
 */
export function maskWords(text: string): string {
  return cleanText(maskSecrets(cleanText(text, Number.POSITIVE_INFINITY)));
}

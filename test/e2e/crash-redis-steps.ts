import { createHash } from 'node:crypto';
import { COMMIT_SCRIPT } from '../../src/requests/commit.lua.ts';

/** The parts of a key after the hash tag. */
const partsOf = (key = '') => key.split(':').slice(1);
const suffixOf = (key = '') => partsOf(key).at(-1) ?? '';

/** `commit voted`, `commit released`, …; several events in one commit are joined. */
function commitName([args = '{}']: string[]): string {
  const { entries } = JSON.parse(args) as { entries: { entry: string }[] };
  const events = entries.map(({ entry }) => (JSON.parse(entry) as { event: string }).event);
  return `commit ${events.join('+') || 'progress'}`;
}

/** BullMQ's scripts that change what other processes see, told by their keys. */
function queueStep(keys: string[], values: string[]): string | undefined {
  const [queue = ''] = partsOf(keys[0]);
  const shape = `${keys.length} ${suffixOf(keys[0])}…${suffixOf(keys.at(-1))}`;
  switch (shape) {
    case '9 wait…marker':
      return `${queue}: ${kindOf(values[1])} added`;
    case '6 marker…events':
      return `${queue}: ${kindOf(values[1])} added for later`;
    case '14 wait…marker':
      return `${queue}: job done`;
    default:
      return undefined;
  }
}

function kindOf(data = '{}'): string {
  const { type, kind } = JSON.parse(data) as { type?: string; kind?: string };
  return type ?? kind ?? 'show';
}

function scriptStep(script: string | undefined, keys: string[], values: string[]): string | undefined {
  if (script === COMMIT_SCRIPT) return commitName(values);
  if (partsOf(keys[0])[1] === 'journal') return 'fence stored';
  // Renewals come by the clock and change nothing but the time.
  if (partsOf(keys[0])[1] === 'running') return script?.includes('DEL') ? 'running sign removed' : undefined;
  return queueStep(keys, values);
}

function surfaceName(json = '{}'): string {
  const { posting, cards, told } = JSON.parse(json) as { posting?: string; cards: unknown[]; told: number };
  return `surface kept: ${cards.length} cards, ${told} steps told${posting === undefined ? '' : `, posting ${posting}`}`;
}

/** For each connection: what names its commands. `knownScripts`: of all connections, the scripts that Redis has. */
export type CreateStepNames = (knownScripts: Set<string>) => (words: string[]) => string | undefined;

/** Names one connection's commands that have an effect; undefined for those that only look, or renew a lease. */
export function createRedisStepNames(knownScripts: Set<string>) {
  let transaction: string[][] | undefined;

  function evalStep([, script = '', count, ...rest]: string[]): string | undefined {
    knownScripts.add(createHash('sha1').update(script).digest('hex'));
    return scriptStep(script, rest.slice(0, Number(count)), rest.slice(Number(count)));
  }

  function single(words: string[]): string | undefined {
    const [, key, value = ''] = words;
    switch (words[0]?.toLowerCase()) {
      case 'eval':
        return evalStep(words);
      case 'evalsha': {
        // One that Redis does not know yet is refused and comes again as a whole.
        if (!knownScripts.has(key ?? '')) return undefined;
        const [, , count, ...rest] = words;
        return scriptStep(undefined, rest.slice(0, Number(count)), rest.slice(Number(count)));
      }
      case 'set':
        if (partsOf(key)[0] === 'surface') return surfaceName(value);
        return partsOf(key)[1] === 'running' ? 'running sign set' : undefined;
      case 'hdel':
        return suffixOf(key) === 'intents' ? `intent settled: ${value.split('-').slice(-2).join(' ')}` : undefined;
      default:
        return undefined;
    }
  }

  return (words: string[]): string | undefined => {
    const command = words[0]?.toLowerCase();
    if (command === 'multi') transaction = [];
    else if (command === 'exec') {
      const first = transaction?.map(single).find((name) => name !== undefined);
      transaction = undefined;
      return first;
    } else if (transaction) transaction.push(words);
    else return single(words);
    return undefined;
  };
}

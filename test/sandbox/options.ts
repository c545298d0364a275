import { parseArgs } from 'node:util';

export type Options = { mode: 'terminal' | 'tour' } | { mode: 'usage'; problem: string | undefined };

export const USAGE = `npm run sandbox            a Slack, a cluster and opsbot on this machine, with a page and a prompt to act as its people
npm run sandbox -- --tour  plays a whole story and ends with 0 only if every step came out right

With KUBECONFIG set, opsbot works on that cluster instead of the local one.`;

export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { tour: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) return { mode: 'usage', problem: undefined };
    return { mode: values.tour ? 'tour' : 'terminal' };
  } catch (error) {
    return { mode: 'usage', problem: error instanceof Error ? error.message : String(error) };
  }
}

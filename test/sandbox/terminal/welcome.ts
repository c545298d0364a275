import type { Style } from '../feed/style.ts';
import type { Scene } from '../scene/scene.ts';

/** What to do next, as somebody sees it who has just started it for the first time. */
export function welcome({ about, trouble }: Scene, url: string, style: Style): string[] {
  const tries = [
    ['alice: @opsbot help', 'what opsbot can do'],
    ['alice: @opsbot pods default', 'look first'],
    ...(trouble
      ? [
          ['alice: @opsbot scale deployment nginx 5', 'ask for a change'],
          ['bob clicks Approve', 'somebody else has to agree'],
          ['crash checkout', 'trouble, for alice home to show'],
        ]
      : []),
    ['alice home', 'the cluster at a glance'],
  ] as const;
  const width = Math.max(...tries.map(([line]) => line.length));
  return [
    `opsbot is running on ${about}.`,
    ...(trouble ? [] : ['What is approved here is done there; nothing else is touched.']),
    `See and touch it at ${style.bold(url)}`,
    'Or be everybody in #ops here: alice, bob, carol, and greta, who is a guest. Type, for example:',
    '',
    ...tries.map(([line, means]) => `  ${style.bold(line.padEnd(width))}  ${style.dim(means)}`),
    '',
    `${style.bold('help')} shows the rest, ${style.bold('quit')} or Ctrl-C stops everything.`,
    '',
  ];
}

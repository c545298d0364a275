import type { Style } from '../feed/style.ts';

const LINES: readonly (readonly [string, string])[] = [
  ['alice: @opsbot scale deployment nginx 5', 'alice says that in #ops; opsbot answers in the thread'],
  ['alice: /opsbot pods default', 'the slash command'],
  ['bob clicks Approve', 'the newest button of that name, or: bob clicks Approve on 12'],
  ['bob reacts ✅', '✅ approves, ❌ rejects; unreacts ✅ takes it back'],
  ['bob replies reject not today', 'in the thread of the newest request, or: bob replies to 12 approve'],
  ['bob dm pods default', 'to opsbot alone'],
  ['alice home', 'her Home of opsbot; then: alice clicks Show logs · chooses Namespace: prod'],
  ['alice runs scale', 'a shortcut; then: alice chooses Workload: api · fills Replicas: 5 · submits · closes'],
  ['alice runs restart on 12', 'the shortcut on a message'],
  ['bob chooses Silence: 8 h on 12', 'the select on a message'],
  ['crash checkout', 'trouble in the cluster; also: oom, break (its image), recover'],
  ['as bob', 'from now on lines without a name are bob’s'],
  ['log', 'the last lines of opsbot’s log'],
  ['quit', 'stops everything, as Ctrl-C does'],
];
/** In columns: an emoji takes two. */
const columns = (text: string) => text.replace(/\p{Emoji_Presentation}/gu, '  ').length;
const WIDTH = Math.max(...LINES.map(([line]) => columns(line)));

export function helpLines(people: readonly string[], style: Style): string[] {
  return [
    `People: ${people.join(', ')}; greta is a guest. Messages have numbers; what is not a command is said in #ops.`,
    ...LINES.map(([line, means]) => `  ${style.bold(line)}${' '.repeat(WIDTH - columns(line))}  ${style.dim(means)}`),
  ];
}

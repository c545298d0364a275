import { withEmoji } from './emoji.ts';
import type { Style } from './style.ts';

/** What may not reach a terminal: it would move the cursor, or worse. */
const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

const timeOf = (seconds: string): string => new Date(Number(seconds) * 1000).toTimeString().slice(0, 5);

/** mrkdwn as lines for a terminal. */
export function plainLines(mrkdwn: string, style: Style): string[] {
  const safe = mrkdwn.replace(CONTROLS, (char) => (char === '\n' ? char : char === '\t' ? '  ' : ''));
  let fenced = false;
  return safe.split('\n').flatMap((line) => {
    const fences = line.split('```').length - 1;
    const inFence = fenced || fences > 0;
    if (fences % 2 === 1) fenced = !fenced;
    const bare = line.replaceAll('```', '');
    if (inFence) return bare === '' ? [] : [`  ${bare}`];
    return [inline(bare, style)];
  });
}

function inline(line: string, style: Style): string {
  const spoken = line.replace(/<!date\^(\d+)\^[^|>]*\|[^>]*>/g, (_, seconds: string) => timeOf(seconds));
  return withEmoji(spoken)
    .replace(/(?<![\w*])\*([^*\n]+)\*(?![\w*])/g, (_, text: string) => style.bold(text))
    .replace(/`([^`\n]+)`/g, (_, text: string) => style.code(text));
}

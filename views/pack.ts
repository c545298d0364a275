import { Section } from 'slack-block-builder';

/** Below Slack's 3,000 a section. */
const SECTION_MAX = 2900;

/**
 * Lines → as few sections as hold them, at most `max` characters in all; says how many did not fit. Each line must be
 * shorter than a section.
 */
export function packed(lines: readonly string[], max = 11_000) {
  const sections: string[] = [];
  let used = 0;
  for (const [index, line] of lines.entries()) {
    if (used + line.length + 1 > max) {
      sections.push(`… and ${lines.length - index} more`);
      break;
    }
    used += line.length + 1;
    const last = sections.at(-1);
    if (last === undefined || last.length + line.length + 1 > SECTION_MAX) sections.push(line);
    else sections[sections.length - 1] = `${last}\n${line}`;
  }
  return sections.map((text) => Section({ text }));
}

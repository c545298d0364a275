/** How text stands out; without colour it only keeps its punctuation. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  code(text: string): string;
  /** The same name always looks the same. */
  person(name: string): string;
  good(text: string): string;
  bad(text: string): string;
}

const PERSON_COLOURS = [36, 33, 35, 34];

const coloured = (code: number, end: number) => (text: string) => `\x1b[${code}m${text}\x1b[${end}m`;
const asItIs = (text: string) => text;

export function createStyle(hasColour: boolean, people: readonly string[]): Style {
  if (!hasColour) {
    return { bold: asItIs, dim: asItIs, code: (text) => `\`${text}\``, person: asItIs, good: asItIs, bad: asItIs };
  }
  const ofPerson = (name: string) => PERSON_COLOURS[people.indexOf(name.trim())] ?? 32;
  return {
    bold: coloured(1, 22),
    dim: coloured(2, 22),
    code: coloured(36, 39),
    person: (name) => coloured(ofPerson(name), 39)(name),
    good: coloured(32, 39),
    bad: coloured(31, 39),
  };
}

/** How text stands out; without colour it only keeps its punctuation. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  code(text: string): string;
  /** The same name always looks the same. */
  person(name: string): string;
  good(text: string): string;
  bad(text: string): string;
  /** What stands before a line beside a bar of that colour (`#rrggbb`). */
  bar(colour: string): string;
}

const PERSON_COLOURS = [36, 33, 35, 34];

const coloured = (code: number, end: number) => (text: string) => `\x1b[${code}m${text}\x1b[${end}m`;
const rgb = (colour: string): [number, number, number] => {
  const parts = Number.parseInt(colour.slice(1), 16);
  return [parts >> 16, (parts >> 8) & 255, parts & 255];
};

const SQUARES: readonly (readonly [string, string])[] = [
  ['🟥', '#e01e5a'],
  ['🟧', '#f2952f'],
  ['🟩', '#2eb67d'],
  ['🟦', '#36c5f0'],
  ['⬜', '#dddddd'],
];

/** The square that is nearest to the colour. */
function squareOf(colour: string): string {
  const wanted = rgb(colour);
  const distance = (other: string) => rgb(other).reduce((sum, part, at) => sum + (part - (wanted[at] ?? 0)) ** 2, 0);
  const [nearest] = SQUARES.toSorted(([, a], [, b]) => distance(a) - distance(b));
  return `${nearest?.[0]} `;
}

const asItIs = (text: string) => text;

export function createStyle(hasColour: boolean, people: readonly string[]): Style {
  if (!hasColour) {
    return {
      bold: asItIs,
      dim: asItIs,
      code: (text) => `\`${text}\``,
      person: asItIs,
      good: asItIs,
      bad: asItIs,
      bar: squareOf,
    };
  }
  const ofPerson = (name: string) => PERSON_COLOURS[people.indexOf(name.trim())] ?? 32;
  return {
    bold: coloured(1, 22),
    dim: coloured(2, 22),
    code: coloured(36, 39),
    person: (name) => coloured(ofPerson(name), 39)(name),
    good: coloured(32, 39),
    bad: coloured(31, 39),
    bar: (colour) => `\x1b[38;2;${rgb(colour).join(';')}m▌\x1b[39m`,
  };
}

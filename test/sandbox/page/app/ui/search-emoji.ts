import { search } from 'node-emoji';

export interface NamedEmoji {
  name: string;
  emoji: string;
}

/** Emoji whose names have that in them; those whose names begin with it first, short names before long ones. */
export function searchEmoji(typed: string, limit: number): NamedEmoji[] {
  const wanted = typed.toLowerCase().replaceAll(/[: ]/g, (sign) => (sign === ' ' ? '_' : ''));
  const rank = ({ name }: NamedEmoji) => (name.startsWith(wanted) ? 0 : 1_000) + name.length;
  return search(wanted.replaceAll(/[^\w]/g, String.raw`\$&`))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, limit);
}

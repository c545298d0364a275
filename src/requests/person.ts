/** What somebody was called, and their address, when they did something: both may change, and people leave. */
export interface Identity {
  name?: string | undefined;
  /** Only where the workspace lets opsbot read it. */
  email?: string | undefined;
}

/** By Slack id. Of whom Slack did not tell anything is left out. */
export type Identities = Readonly<Record<string, Identity>>;

/** Whoever does something, as far as it is known who that is. */
export type Person = { user: string } & Identity;

/** Those known so far and whoever acts now, as they are known now; undefined where nobody is known. */
export function knownWith(people: Identities | undefined, by: Person | string): Identities | undefined {
  if (typeof by === 'string' || (by.name === undefined && by.email === undefined)) return people;
  const { user, name, email } = by;
  return { ...people, [user]: { name, email } };
}

/** Those of these people who are known; undefined where none is. */
export function knownAmong(people: Identities | undefined, users: readonly string[]): Identities | undefined {
  const known = Object.entries(people ?? {}).filter(([user]) => users.includes(user));
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

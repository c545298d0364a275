import { NotAllowedError } from '../errors.ts';
import { standingRefusal } from '../requests/policy.ts';
import type { People } from '../requests/requests.ts';

/**
 * NotAllowedError where somebody is no full member of the home workspace. Requests check it once more; asking here keeps
 * a guest from a modal that leads nowhere, and from looking at the cluster.
 */
export async function requireMember(people: People, user: string): Promise<void> {
  const refused = standingRefusal(await people.standing(user));
  if (refused !== undefined) throw new NotAllowedError(refused);
}

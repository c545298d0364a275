import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FrontDesk } from '../../src/slack/front-desk.ts';
import { voteByWord, type Word } from '../../src/slack/typed-vote.ts';
import { startHubKit } from '../requests/hub-kit.ts';

describe('a typed vote', () => {
  let kit: Awaited<ReturnType<typeof startHubKit>>;
  beforeAll(async () => {
    kit = await startHubKit();
  });
  afterAll(() => kit.stop());

  /** The desk as it is for somebody whose word is read just before the plan comes in. */
  function deskBeforeThePlan(): FrontDesk {
    const get: FrontDesk['requests']['get'] = async (id) => {
      const request = await kit.desk.get(id);
      await kit.planned(request);
      return request;
    };
    return { requests: { ...kit.desk, get } } as FrontDesk;
  }

  const word = (id: string, verdict: Word['verdict'], user: string): Word => ({
    verdict,
    id,
    user,
    why: undefined,
    channel: 'C1',
    thread: undefined,
    rootAuthor: undefined,
    ts: '1767236400.000100',
  });

  it('does not count for a plan that was not there to be seen', async () => {
    for (const verdict of ['approve', 'reject'] as const) {
      const { id } = await kit.ask();
      const answer = await voteByWord(deskBeforeThePlan(), word(id, verdict, 'UBOB'));
      expect(answer.refused).toBe('This request is still being looked at.');
      expect(await kit.desk.get(id)).toMatchObject({ state: 'pending', votes: [] });
    }
  });

  it('lets the requester take the request back at any time', async () => {
    const { id } = await kit.ask();
    await voteByWord(deskBeforeThePlan(), word(id, 'reject', 'UALICE'));
    expect((await kit.desk.get(id)).state).toBe('cancelled');
  });
});

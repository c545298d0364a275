import { expect, it } from 'vitest';
import { signBody } from '../support/slack/delivery/http-delivery.ts';
import { kitOfFile } from './slack-kit.ts';

const kit = await kitOfFile({ transport: 'http' });

const MINUTE = 60;
const now = () => Math.floor(Date.now() / 1000);

interface Sent {
  trigger: string;
  /** When it says that it was sent, in seconds since the epoch. */
  at?: number;
  secret?: string;
}

/** A slash command as Slack sends it; gives the status of the answer. */
async function send({ trigger, at = now(), secret = kit.slack.signingSecret }: Sent): Promise<number> {
  const body = new URLSearchParams({
    command: '/opsbot',
    text: 'restart deployment nginx',
    user_id: 'UALICE',
    channel_id: 'COPS',
    team_id: 'T0LOCAL',
    trigger_id: trigger,
  }).toString();
  const answer = await fetch(`http://127.0.0.1:${kit.app.port()}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': signBody(secret, at, body),
    },
    body,
  });
  await kit.settled();
  return answer.status;
}

const asked = async () => (await kit.store.recentIds(9)).length;

it('what Slack has not signed, or long ago, asks for nothing', async () => {
  expect(await send({ trigger: 'forged', secret: 'not the secret' })).toBe(401);
  expect(await send({ trigger: 'old', at: now() - 6 * MINUTE })).toBe(401);
  expect(await asked()).toBe(0);
});

it('what Slack has signed asks once, however often somebody sends it again', async () => {
  const at = now();
  for (let time = 0; time < 3; time++) expect(await send({ trigger: 'recorded', at })).toBe(200);
  expect(await asked()).toBe(1);
  expect(await send({ trigger: 'another', at })).toBe(200);
  expect(await asked()).toBe(2);
});

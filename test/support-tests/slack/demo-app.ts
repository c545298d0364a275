import type { BoltApp } from './bolt-app.ts';

/** A small app with one of everything that opsbot does with Slack. */

const plain = (text: string) => ({ type: 'plain_text' as const, text });

export const scaleModal = {
  type: 'modal' as const,
  callback_id: 'scale',
  title: plain('Scale a workload'),
  submit: plain('Scale'),
  close: plain('Cancel'),
  notify_on_close: true,
  blocks: [
    {
      type: 'input' as const,
      block_id: 'workload',
      dispatch_action: true,
      label: plain('Workload'),
      element: { type: 'external_select' as const, action_id: 'workload', min_query_length: 0 },
    },
    {
      type: 'input' as const,
      block_id: 'replicas',
      label: plain('Replicas'),
      element: { type: 'number_input' as const, action_id: 'replicas', is_decimal_allowed: false, min_value: '0' },
    },
    {
      type: 'input' as const,
      block_id: 'reason',
      optional: true,
      label: plain('Reason'),
      element: { type: 'plain_text_input' as const, action_id: 'reason' },
    },
  ],
};

export const pending = (text: string) => [
  { type: 'section' as const, text: { type: 'mrkdwn' as const, text } },
  {
    type: 'actions' as const,
    block_id: 'votes',
    elements: [
      { type: 'button' as const, action_id: 'approve', text: plain('Approve'), style: 'primary' as const, value: 'r1' },
      {
        type: 'button' as const,
        action_id: 'reject',
        text: plain('Reject'),
        value: 'r1',
        confirm: {
          title: plain('Reject?'),
          text: plain('Nobody can vote on it again.'),
          confirm: plain('Reject'),
          deny: plain('Back'),
        },
      },
    ],
  },
];

export interface Seen {
  submitted: unknown[];
  closed: number;
  approvals: string[];
  events: string[];
}

export function prepareDemo(seen: Seen): (app: BoltApp) => void {
  return (app) => {
    app.event('app_mention', async ({ event, client }) => {
      seen.events.push('app_mention');
      const text = `asked: ${event.text}`;
      await client.chat.postMessage({ channel: event.channel, thread_ts: event.ts, text, blocks: pending(text) });
    });
    app.message(async ({ message }) => {
      seen.events.push(`message ${message.subtype ?? ''}`.trim());
    });
    app.action('approve', async ({ ack, body, client, respond }) => {
      await ack();
      seen.approvals.push(body.user.id);
      if (body.type !== 'block_actions' || !body.channel || !body.message) return;
      await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text: 'approved', blocks: [] });
      await respond({ response_type: 'ephemeral', replace_original: false, text: 'thank you' });
    });
    app.action('reject', async ({ ack }) => ack());
    app.shortcut('scale', async ({ ack, body, client }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view: scaleModal });
    });
    app.options('workload', async ({ ack, options }) => {
      const names = ['nginx', 'nginx-canary', 'api'].filter((name) => name.includes(options.value));
      await ack({ options: names.map((name) => ({ text: plain(name), value: `uid-${name}` })) });
    });
    app.action('workload', async ({ ack, body, client }) => {
      await ack();
      if (body.type !== 'block_actions' || !body.view) return;
      const now = { type: 'section' as const, text: plain('nginx runs 3 of 3') };
      const view = { ...scaleModal, blocks: [...scaleModal.blocks, now] };
      await client.views.update({ view_id: body.view.id, hash: body.view.hash, view });
    });
    app.view('scale', async ({ ack, view }) => {
      const replicas = Number(view.state.values.replicas?.replicas?.value);
      if (replicas > 100) return ack({ response_action: 'errors', errors: { replicas: 'at most 100' } });
      seen.submitted.push(view.state.values);
      await ack();
    });
    app.view({ callback_id: 'scale', type: 'view_closed' }, async ({ ack }) => {
      await ack();
      seen.closed += 1;
    });
    app.command('/opsbot', async ({ ack, command }) => ack({ text: `you said ${command.text}` }));
    app.event('app_home_opened', async ({ event, client }) => {
      await client.views.publish({
        user_id: event.user,
        view: { type: 'home', blocks: [{ type: 'header', text: plain('All is well') }] },
      });
    });
    app.event('reaction_added', async ({ event }) => {
      seen.events.push(`reaction ${event.reaction}`);
    });
  };
}

export const newSeen = (): Seen => ({ submitted: [], closed: 0, approvals: [], events: [] });

export const manifest = {
  features: {
    shortcuts: [
      { name: 'Scale a workload', type: 'global' as const, callback_id: 'scale', description: 'Change the replicas' },
      { name: 'Scale this', type: 'message' as const, callback_id: 'scale', description: 'Change the replicas' },
    ],
    slash_commands: [{ command: '/opsbot' }],
  },
};

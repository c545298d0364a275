import { beforeAll, describe, expect, it } from 'vitest';
import { deployment } from '../../support/cluster/manifests.ts';
import { describeLocalCluster } from '../../support/clusters.ts';
import type { SeenMessage } from '../../support/slack/people/looking.ts';
import { QUICK_BOOKMARKS, useIncidentStage } from './incident-stage.ts';

/** Built at run time, so that no scanner takes a sample for a leak. */
const AWS_KEY = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
const AWS_SECRET = ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYEXAMPLEKEY'].join('/');
const KEY_LINE = 'MIIEpAIBAAKCAQEA7bq3ZK8mQ0vXc2u1pWn5sJ4dT6yRfHgLkBvNmQwErTyUiOp1';
const PRIVATE_KEY = [
  '-----BEGIN RSA ',
  `PRIVATE KEY-----\n${KEY_LINE}\n${KEY_LINE}\n-----END RSA `,
  'PRIVATE KEY-----',
];
const SECRETS = [AWS_KEY, AWS_SECRET, KEY_LINE, 'hunter2-hunter2'];

/** ms until each has its message and its evidence: all crash at once, and Slack takes one message a second. */
const EVIDENCE_MS = 30_000;
const ESC = '\u001b';
const LONG = 10_000_000;

/** What a pod logs, and what is left of it to be read. */
const LOGS: { name: string; log: string | Buffer; shows: string[] }[] = [
  {
    name: 'shouting',
    log: 'starting\n<!channel> <!here> <!everyone> <@UALICE> <!subteam^SSRE|sre> <https://evil.example|click me> &amp; @channel\n',
    shows: ['starting', '<!channel> <!here> <!everyone> <@UALICE>', '<https://evil.example|click me> &amp; @channel'],
  },
  {
    name: 'quoting',
    log: 'before\n``` *bold* ```\n`code` ~~~ \n```\n> quote\nafter\n',
    shows: ['before', '*bold*', 'after'],
  },
  {
    name: 'colourful',
    log: `${ESC}[31mred${ESC}[0m ${ESC}]8;;https://evil.example${ESC}\\link${ESC}]8;;${ESC}\\ ${ESC}[2J\u009b1mdone\r\n\u202egnirts\u202c\n`,
    shows: ['red link done', 'gnirts'],
  },
  {
    name: 'endless',
    log: Buffer.concat([Buffer.from('begin '), Buffer.alloc(LONG, 'x'), Buffer.from(` ${AWS_KEY} the end`)]),
    shows: ['the end'],
  },
  {
    name: 'endless-keys',
    log: Buffer.alloc(LONG, `${AWS_KEY} `),
    shows: ['•••'],
  },
  {
    name: 'binary',
    log: Buffer.concat([
      Buffer.from('text\n'),
      Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x00, 0x07, 0x08, 0xed, 0xa0, 0x80, 0x0a]),
      Buffer.from('nul\0s here\n\u0000\u0000\n'),
    ]),
    shows: ['text', 'nuls here'],
  },
  {
    name: 'leaking',
    log: [
      `aws_access_key_id=${AWS_KEY}`,
      `aws_secret_access_key = ${AWS_SECRET}`,
      `key ${AWS_KEY} used`,
      PRIVATE_KEY.join(''),
      'postgres://app:hunter2-hunter2@db:5432/x',
      '{"password":"hunter2-hunter2"}',
      'bye',
      '',
    ].join('\n'),
    shows: ['aws_access_key_id', 'key ••• used', 'bye'],
  },
];

/** Controls but line ends and tabs, what no UTF-8 was, and what turns the direction of text around. */
const UNPRINTABLE = /(?![\n\t])\p{Cc}|[\ufffd\u202a-\u202e\u2066-\u2069]/u;

/** Every text in the message, as Slack got it. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function isHarmless({ raw }: SeenMessage): void {
  for (const text of textsIn(raw)) {
    expect(text).not.toMatch(UNPRINTABLE);
    // opsbot's own words here have dates, and nothing else of that kind.
    expect(text).not.toMatch(/<(?!!date\^)/);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    // A code block begins and ends once, with the text.
    const fences = text.split('```').length - 1;
    expect([0, 2]).toContain(fences);
    if (fences === 2 && text.startsWith('```')) expect(text.endsWith('```')).toBe(true);
  }
}

describeLocalCluster(
  'a pod whose words are hostile',
  (kit) => {
    const incidents = useIncidentStage(kit, {
      async before(namespace) {
        for (const { name, log } of LOGS) {
          const ref = { kind: 'Deployment', namespace, name };
          await kit.apply(deployment(name, { namespace }));
          await kit.rolledOut(ref);
          const [pod] = await kit.pods(ref);
          const target = { namespace, pod: pod?.metadata.name ?? '', container: name };
          kit.setLogs(target, log);
          kit.setLogs({ ...target, previous: true }, log);
        }
      },
    });
    const refOf = (name: string) => ({ kind: 'Deployment', namespace: incidents.namespace, name });

    describe('in its log', () => {
      beforeAll(() => {
        for (const { name } of LOGS) kit.crash(refOf(name));
      });

      it.each(LOGS)(
        '$name: shows as harmless text',
        async ({ name, shows }) => {
          const root = await incidents.shows(
            `Deployment ${name}`,
            ({ text }) => text.includes('CrashLoopBackOff'),
            EVIDENCE_MS,
          );
          const evidence = await incidents.told(root, 'Last lines of', EVIDENCE_MS);
          for (const words of shows) expect(evidence.text).toContain(words);
          isHarmless(evidence);
          isHarmless(incidents.exactlyOne(`Deployment ${name}`));
        },
        2 * EVIDENCE_MS,
      );
    });

    it(
      'in what the kubelet says of it: so does the message itself',
      async () => {
        const words = `<!channel> \`\`\` secret "db" not found\npassword=hunter2-hunter2 ${ESC}[31m${AWS_KEY}\0 <@UALICE>`;
        kit.breakConfig(refOf('bare'), words);
        await kit.apply(deployment('bare', { namespace: incidents.namespace }));
        const root = await incidents.shows(
          'Deployment bare',
          ({ text }) => text.includes('CreateContainerConfigError'),
          EVIDENCE_MS,
        );
        expect(root.text).toContain('<!channel>');
        expect(root.text).toContain('secret "db" not found');
        isHarmless(root);
        isHarmless(await incidents.told(root, 'Kubelet says', EVIDENCE_MS));
      },
      2 * EVIDENCE_MS,
    );

    it('pages nobody, leaks nothing, and breaks no limit in all of it', () => {
      const said = JSON.stringify(incidents.stage.slack.journal);
      for (const secret of SECRETS) expect(said).not.toContain(secret);
      expect(incidents.roots()).toHaveLength(LOGS.length + 1);
      for (const root of incidents.roots())
        for (const message of [root, ...incidents.thread(root)]) isHarmless(message);
      const log = JSON.stringify(incidents.stage.opsbot.log);
      for (const secret of SECRETS) expect(log).not.toContain(secret);
    });
  },
  QUICK_BOOKMARKS,
);

import { beforeAll, expect, it } from 'vitest';
import { deployment } from '../support/cluster/manifests.ts';
import { describeLocalCluster } from '../support/clusters.ts';
import { createRandom } from '../support/slack/random.ts';
import { answered } from './asking.ts';
import { useStage } from './stage.ts';

const LINES = 100;
const SEED = 20_260_101;

describeLocalCluster('whatever people type', (kit) => {
  const stage = useStage(kit);
  let namespace: string;
  const nginx = () => ({ kind: 'Deployment', namespace, name: 'nginx' });
  beforeAll(async () => {
    namespace = await kit.namespace();
    await kit.apply(deployment('nginx', { namespace, replicas: 3 }));
    await kit.rolledOut(nginx());
  });
  /** Beside the line, or to whoever wrote it alone. */
  const replies = () => stage.alice.sees('ops').filter(({ by }) => by === 'UOPSBOT').length;

  it('is answered, and changes nothing that nobody approved', async () => {
    const random = createRandom(SEED);
    const words = [
      ...['scale', 'restart', 'logs', 'pods', 'help', 'history', 'pending', 'approve', 'reject', 'cancel', 'confirm'],
      ...[
        'deployment',
        'deploy/nginx',
        'sts/nginx',
        'nginx',
        'nginx-abc',
        namespace,
        'default',
        'all',
        '*',
        '-n',
        '-c',
      ],
      ...['--replicas', '--reason', '--tail', '--since', '--previous', '0', '-1', '3', '5', '1e9', 'NaN', '10m'],
      ...[
        '“',
        '"',
        "'",
        '`',
        '```',
        '&amp;',
        '<!channel>',
        '<@UBOB>',
        '@here',
        '$(reboot)',
        '; kubectl delete',
        '😀',
        '\u202e',
      ],
    ];
    const pick = () => words[random.below(words.length)] ?? '';
    const lines = Array.from({ length: LINES }, () => Array.from({ length: 1 + random.below(6) }, pick).join(' '));
    for (const line of lines) {
      const before = replies();
      await stage.alice.mentions('ops', line);
      await stage.slack.waitFor(() => replies() > before, { what: `a reply to “${line}”` });
    }

    expect(await kit.changesOf(nginx())).toEqual([]);
    expect((await kit.get(nginx()))?.spec.replicas).toBe(3);
    expect((await answered(stage, `pods ${namespace}`)).text).toContain('nginx-');
  });
});

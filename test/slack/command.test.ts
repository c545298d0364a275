import { describe, expect, test } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import { type Command, parseCommand } from '../../src/slack/command.ts';

const parse = (text: string): Command => parseCommand(text, { actions });

const scaled = {
  kind: 'action',
  action: 'scale',
  input: { workload: { kind: 'Deployment', name: 'nginx' }, replicas: 3 },
};
const restarted = { kind: 'action', action: 'restart', input: { workload: { name: 'api' } } };
const inProd = { kind: 'action', action: 'restart', input: { workload: { name: 'api', namespace: 'prod' } } };

describe('the same command, however it is written', () => {
  test.each([
    'scale deployment nginx 3',
    'scale deploy nginx 3',
    'scale deployments nginx 3',
    'scale deployment/nginx 3',
    'scale deployment.apps/nginx 3',
    'scale deploy/nginx --replicas 3',
    'scale --replicas=3 deploy/nginx',
    'scale --replicas= 3 deploy/nginx',
    'kubectl scale deployment nginx --replicas=3',
    'SCALE Deployment Nginx 3',
    'scale deployment nginx 3.',
    'scale deployment nginx 3!',
    'scale deployment nginx, 3',
    '<@U0BOT> scale deployment nginx 3',
    'scale deployment nginx 3 <@U0BOT>',
    '<@U0BOT|opsbot> scale deployment nginx 3',
    '`scale deployment nginx 3`',
    '```scale deployment nginx 3```',
    '```\nscale deployment nginx 3\n```',
    'scale deployment `nginx` 3',
    '*scale* deployment _nginx_ ~3~',
    'scale "deployment" \'nginx\' 3',
    'scale deployment “nginx” ‘3’',
    'scale deployment „nginx“ «3»',
    'scale deployment "nginx 3',
    'scale\u00a0deployment\u2003nginx\u200b 3',
    'scale deployment nginx \u2014replicas 3',
    'scale deployment nginx \u2013replicas=3',
    'scale deployment nginx -replicas 3',
    '  scale   deployment\tnginx\n3  ',
    'please scale deployment nginx 3',
    'scale deployment nginx 3 please',
    '/opsbot scale deployment nginx 3',
    'scale deployment nginx +3',
  ])('%j', (text) => {
    expect(parse(text)).toEqual(scaled);
  });

  test.each([
    'restart api prod',
    'restart api -n prod',
    'restart -n prod api',
    'restart api -n=prod',
    'restart api --namespace prod',
    'restart api --namespace=PROD',
    'restart api \u2013n prod',
    'restart api -N prod',
    'restart <http://api|api> -n prod',
    'restart <mailto:api|api> -n prod',
    'restart api -n <#C123|prod>',
  ])('%j', (text) => {
    expect(parse(text)).toEqual(inProd);
  });
});

describe('reads', () => {
  test.each<[string, unknown]>([
    ['restart please', { ...restarted, input: { workload: { name: 'please' } } }],
    ['restart deploy please', { ...restarted, input: { workload: { kind: 'Deployment', name: 'please' } } }],
    ['restart deploy', { ...restarted, input: { workload: { name: 'deploy' } } }],
    ['scale sts 5', { ...scaled, input: { workload: { name: 'sts' }, replicas: 5 } }],
    ['restart <http://api.example|api.example>', { ...restarted, input: { workload: { name: 'api.example' } } }],
    ['kubectl rollout restart deploy/api', { ...restarted, input: { workload: { kind: 'Deployment', name: 'api' } } }],
    ['kubectl get pods -n x', { kind: 'action', action: 'pods', input: { namespace: 'x' } }],
    ['kubectl logs po/api-1 -c web', { kind: 'action', action: 'logs', input: { pod: 'api-1', container: 'web' } }],
    ['logs api-1 -c Web', { kind: 'action', action: 'logs', input: { pod: 'api-1', container: 'web' } }],
    ['logs api-1 -p', { kind: 'action', action: 'logs', input: { pod: 'api-1', previous: true } }],
    [
      'logs ds/agent prod',
      { kind: 'action', action: 'logs', input: { workload: { kind: 'DaemonSet', name: 'agent', namespace: 'prod' } } },
    ],
    ['pods -n x -l App=Web', { kind: 'action', action: 'pods', input: { namespace: 'x', selector: 'App=Web' } }],
    ['pods x -l "a in (b, c)"', { kind: 'action', action: 'pods', input: { namespace: 'x', selector: 'a in (b, c)' } }],
    ['', { kind: 'help' }],
    ['<@U0BOT>', { kind: 'help' }],
    ['Help!', { kind: 'help' }],
    ['help scale', { kind: 'help', topic: 'scale' }],
    ['scale --help', { kind: 'help', topic: 'scale' }],
    ['scale help', { kind: 'help', topic: 'scale' }],
    ['restart deploy help', { ...restarted, input: { workload: { kind: 'Deployment', name: 'help' } } }],
    ['pending', { kind: 'pending' }],
    ['history', { kind: 'history', asked: {} }],
    ['history 20', { kind: 'history', asked: { count: 20 } }],
    ['History scale', { kind: 'history', asked: { about: 'scale' } }],
    ['history -n Prod changes 5', { kind: 'history', asked: { about: 'changes', namespace: 'prod', count: 5 } }],
    ['history api', { kind: 'history', asked: { name: 'api' } }],
    ['history deployments', { kind: 'history', asked: { kind: 'Deployment' } }],
    [
      'history deploy/api prod --failed',
      { kind: 'history', asked: { kind: 'Deployment', name: 'api', outcome: 'failed', namespace: 'prod' } },
    ],
    [
      'history deployment api -n prod denied —since 7D',
      {
        kind: 'history',
        asked: { kind: 'Deployment', name: 'api', namespace: 'prod', outcome: 'rejected', since: '7d' },
      },
    ],
    ['history --by <@U123ABC|alice> open', { kind: 'history', asked: { by: 'U123ABC', outcome: 'open' } }],
    ['<@U0BOT> history <@U123ABC> incidents', { kind: 'history', asked: { by: 'U123ABC', about: 'incidents' } }],
    ['history --help', { kind: 'help', topic: 'history' }],
    ['approve', { kind: 'approve' }],
    ['Confirm.', { kind: 'approve' }],
    ['approve r-7f3', { kind: 'approve', id: 'r-7f3' }],
    ['Approve `R-7f3`', { kind: 'approve', id: 'r-7f3' }],
    ['reject', { kind: 'reject' }],
    ['reject r-7f3', { kind: 'reject', id: 'r-7f3' }],
    ['reject r-7f3 Not today, it is Friday', { kind: 'reject', id: 'r-7f3', why: 'Not today, it is Friday' }],
    ['reject re-run the tests first', { kind: 'reject', why: 're-run the tests first' }],
    ['reject "too late"', { kind: 'reject', why: 'too late' }],
    ['<@U0BOT> reject: too late', { kind: 'reject', why: 'too late' }],
    ['cancel r-7f3', { kind: 'cancel', id: 'r-7f3' }],
    ['cancel wrong cluster', { kind: 'cancel', why: 'wrong cluster' }],
    ['✅', { kind: 'approve' }],
    [':x:', { kind: 'reject' }],
  ])('%j', (text, command) => {
    expect(parse(text)).toEqual(command);
  });
});

describe('the reason is kept as typed', () => {
  test.each([
    ['restart api --reason "Stuck on Node 3."', 'Stuck on Node 3.'],
    ['restart api --reason="it\'s \\"odd\\""', 'it\'s "odd"'],
    ['restart api —reason “stuck”', 'stuck'],
    ["restart api --reason 'a &amp; b &lt;c&gt;'", 'a & b <c>'],
    ['restart api --reason "asked by <@U2>"', 'asked by  @U2 '],
    ['restart --reason "see <https://x.example/1|ticket 1>" api', 'see ticket 1'],
    ['restart api --reason stuck', 'stuck'],
    ['restart api --reason stuck since this noon', 'stuck since this noon'],
    ["restart api --reason don't", "don't"],
  ])('%j', (text, reason) => {
    expect(parse(text)).toEqual({ ...restarted, reason });
  });
});

describe('a wrong command gets the nearest right one', () => {
  test.each([
    ['scal deploy nginx 3', 'scale deployment nginx 3'],
    ['sclae deploymnt nginx 3', 'scale deployment nginx 3'],
    ['scale deploymnt nginx 3', 'scale deployment nginx 3'],
    ['scale 3 nginx', 'scale nginx 3'],
    ['scale nginx to 5 replicas in prod', 'scale nginx 5 -n prod'],
    ['scale prod/nginx 3', 'scale nginx 3 -n prod'],
    ['scale nginx 3 --replicas 5', 'scale nginx 3'],
    ['scale nginx 3 -n', 'scale nginx 3'],
    ['scale nginx prod 3 -n dev', 'scale nginx 3 -n dev'],
    ['restart My_App', 'restart my-app'],
    ['restart api --force', 'restart api'],
    ['restart api --reson stuck', 'restart api --reason stuck'],
    ['restart api &amp;&amp; restart web', 'restart api'],
    ['bounce deploy/api', 'restart deployment api'],
    ['logs api-1 --tial 20', 'logs api-1 --tail 20'],
    ['logs api-1 --tail many', 'logs api-1'],
    ['logs api-1 --since yesterday', 'logs api-1'],
    ['pod default', 'pods default'],
    ['get pods in prod', 'pods prod'],
    ['history 1000', 'history'],
    ['history scale in prod', 'history scale -n prod'],
    ['history of deploymnt api since 7d', 'history deployment api --since 7d'],
    ['history prod/api', 'history api -n prod'],
    ['history api prod web', 'history api -n prod'],
    ['history --by alice failed', 'history failed'],
    ['history failed done', 'history failed'],
    ['history --since yesterday', 'history'],
    ['history --oldest', 'history'],
    ['history My_App', 'history'],
    ['approve it all', 'approve'],
    ['lgtm', 'approve'],
    ['what is this', 'help'],
    ['🚀', 'help'],
    ['x'.repeat(5000), 'help'],
  ])('%j: %s', (text, line) => {
    const command = parse(text);
    expect(command).toMatchObject({ kind: 'wrong', suggestion: { line, isExample: false } });
    expect((command as { message: string }).message).toMatch(/^[A-Z“a-z].{3,}\.$/);
  });

  test.each([
    ['scale nginx', 'scale nginx 3'],
    ['scale nginx &lt;replicas&gt;', 'scale nginx 3'],
    ['scale nginx -3', 'scale nginx 3'],
    ['scale nginx −3', 'scale nginx 3'],
    ['scale nginx 1.5 -n prod', 'scale nginx 3 -n prod'],
    ['scale nginx NaN', 'scale nginx 3'],
    ['scale nginx 1e9', 'scale nginx 3'],
    ['scale nginx 1,000', 'scale nginx 3'],
    ['scale nginx --reason "launch at noon"', 'scale nginx 3 --reason "launch at noon"'],
    ['scale', 'scale deployment nginx 3'],
    ['scael', 'scale deployment nginx 3'],
    ['restart', 'restart deployment api'],
    ['logs', 'logs api-pod-abc'],
    ['logs -n prod', 'logs api-pod-abc -n prod'],
    ['pods', 'pods default'],
  ])('%j lacks something, which an example has: %s', (text, line) => {
    expect(parse(text)).toMatchObject({ kind: 'wrong', suggestion: { line, isExample: true } });
  });

  test('two commands on two lines are not half done', () => {
    expect(parse('restart api\nrestart web').kind).toBe('wrong');
  });
});

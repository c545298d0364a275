import { actions } from './actions/index.ts';
import { CHECKPOINT_USAGE } from './audit-checkpoint.ts';
import { auditCommand } from './audit-command.ts';
import { EXPORT_USAGE } from './audit-export.ts';
import { VERIFY_USAGE } from './audit-verify.ts';
import { loadFileConfig } from './config.ts';
import { InputError } from './errors.ts';
import { RBAC_USAGE, rbacCommand } from './rbac-command.ts';
import { requirementOf } from './requests/policy.ts';
import type { Requirement } from './requests/request.ts';
import { type Terminal, write } from './terminal.ts';

/** The operator's subcommands. */
const USAGE = `Without a command opsbot serves. The commands read the file that OPSBOT_CONFIG names, audit the Redis that
REDIS_URL names (or the other REDIS_… variables), and nothing else:

  policy check [namespace …]
      What the policy says to each action in those namespaces; default: in the namespace default.

  ${RBAC_USAGE}
      The rights that an agent needs there for those actions, as YAML for kubectl apply -f -. Without
      --namespaces and --actions: for what the file says, else for all actions in the whole cluster.

  ${VERIFY_USAGE}
      Whether the audit log is as opsbot wrote it: follows its chain and holds it to the checkpoints, which alone vouch
      for its end. A file may be the log collector's; - is stdin. Exit code 0: it is; 2: it was tampered with, or a
      checkpoint is not met; 1: it could not be looked at.

  ${EXPORT_USAGE}
      The audit log on stdout, oldest first; a day begins at midnight in UTC. Exit code as above, by the chain alone.

  ${CHECKPOINT_USAGE}
      Where the audit log ends just now, as the line of JSON that opsbot gives each day where the file says audit.file.

  help
      This text.`;

const NAMES = actions.map((action) => action.name);

function inWords(requirement: Requirement): string {
  switch (requirement.mode) {
    case 'allow':
      return 'at once';
    case 'deny':
      return `no: ${requirement.reason}`;
    case 'confirm':
      return 'the requester confirms';
    case 'approve': {
      const who = requirement.approvers.length > 0 ? requirement.approvers.join(', ') : 'members of the channel';
      return `${requirement.approvals} of ${who}`;
    }
  }
}

/** What policy says to each action in some namespaces: a dry run of the file before it is deployed. */
function policyCheck(namespaces: readonly string[], env: NodeJS.ProcessEnv): string {
  const { policy, cluster, actions: on = NAMES } = loadFileConfig(env, { actions: NAMES });
  const lines = namespaces.flatMap((namespace) =>
    actions.map(({ name: action, effect }) => {
      if (!on.includes(action)) return `${action.padEnd(10)} ${namespace.padEnd(20)} no: it is off (actions)`;
      const subject = { action, effect, cluster, namespace, workload: 'any', requester: 'anybody' };
      const requirement = requirementOf(policy, subject);
      return `${action.padEnd(10)} ${namespace.padEnd(20)} ${inWords(requirement)} (${requirement.rule})`;
    }),
  );
  return lines.join('\n');
}

/** Runs one of them and gives the exit code, or throws an error that says what is wrong. */
export async function operate(args: readonly string[], terminal: Terminal): Promise<number> {
  // It is told by the write itself.
  terminal.stdout.on('error', () => undefined);
  try {
    if (args[0] === 'audit') return await auditCommand(args.slice(1), terminal);
    await write(terminal.stdout, `${runOperatorCommand(args, terminal.env)}\n`);
    return 0;
  } catch (error) {
    // As in `… | head`: nobody is there to be told.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 1;
    throw error;
  }
}

/** Those that answer with one text, which it gives. */
export function runOperatorCommand(args: readonly string[], env: NodeJS.ProcessEnv): string {
  const [command, verb, ...rest] = args;
  if (command === 'policy' && verb === 'check') return policyCheck(rest.length > 0 ? rest : ['default'], env);
  if (command === 'rbac') return rbacCommand(args.slice(1), loadFileConfig(env, { actions: NAMES }), actions);
  if (command === 'help' || command === '--help' || command === '-h') return USAGE;
  throw new InputError(`There is no command "${args.join(' ')}".`, { advice: `\n\n${USAGE}` });
}

import { pino } from 'pino';
import { actions } from './actions/index.ts';
import { ConfigError, loadConfig } from './config.ts';
import { DomainError } from './errors.ts';
import { runOperatorCommand } from './operator-command.ts';
import { serve } from './serve.ts';

/** The only entry: `opsbot` serves; `opsbot policy check` and its like answer the operator and end. */
const [...args] = process.argv.slice(2);

/** What an operator can mend is said in plain sentences; anything else is a fault and comes with its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof DomainError) return [error.message, error.advice].filter(Boolean).join(' ');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  if (args.length > 0) {
    console.log(runOperatorCommand(args, process.env));
  } else {
    const config = loadConfig(process.env, { actions: actions.map((action) => action.name) });
    await serve(config, pino({ level: config.logLevel }));
  }
} catch (error) {
  console.error(`opsbot cannot start. ${explain(error)}`);
  process.exit(1);
}

// First of all, so that a signal is answered while the rest is still being loaded.
import './stop-signal.ts';
import { actions } from './actions/index.ts';
import { ConfigError, loadConfig } from './config.ts';
import { DomainError } from './errors.ts';
import { capture, createLog } from './log.ts';
import { operate } from './operator-command.ts';
import { createSecretMask } from './secret-mask.ts';
import { serve } from './serve.ts';

/** The only entry: `opsbot` serves; `opsbot policy check` and its like answer the operator and end. */
const [...args] = process.argv.slice(2);

/** What an operator can mend is said in plain sentences; anything else is a fault and comes with its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof DomainError) return [error.message, error.advice].filter(Boolean).join(' ');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

let mask = createSecretMask([]);
const print = console.error;

try {
  if (args.length > 0) {
    process.exitCode = await operate(args, process);
  } else {
    const config = loadConfig(process.env, { actions: actions.map((action) => action.name) });
    mask = createSecretMask(config.secrets);
    const logger = createLog({ level: config.logLevel, mask });
    capture(console, logger, mask);
    // Node itself would print the error with all that is in it.
    process.on('uncaughtException', (err) => {
      logger.fatal(
        { err },
        'a fault that nobody caught; opsbot ends and goes on from what is stored when it is started again',
      );
      process.exit(1);
    });
    await serve(config, logger);
  }
} catch (error) {
  const what = args.length > 0 ? '' : 'opsbot cannot start. ';
  print(mask(`${what}${explain(error)}`));
  process.exit(1);
}

import { type Given, passwordsIn, reasonOf } from './config-connections.ts';
import { fileVariableOf, SECRETS, type SecretName } from './config-env.ts';

/** Secrets stand in variables, or in files that `<variable>_FILE` names: that is how a cluster mounts them. */
export interface ReadSecrets {
  /** The variables, with what the files hold in its place. */
  given: Given;
  /** The same, with a path for each file that gave nothing: its secret is not to be called missing as well. */
  claimed: Given;
  problems: readonly string[];
}

/** Reads the files of the secrets that this process needs. No content is ever in a problem. */
export function readSecrets(
  env: Given,
  needed: readonly SecretName[],
  readFile: (path: string) => string,
): ReadSecrets {
  const read: Record<string, string> = {};
  const paths: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of needed) {
    const path = env[fileVariableOf(name)];
    if (path === undefined) continue;
    if (env[name] !== undefined) {
      problems.push(`${name} and ${fileVariableOf(name)}: only one of the two may be set.`);
      continue;
    }
    const file = contentOf(path, readFile);
    if ('content' in file) read[name] = file.content;
    else problems.push(`${fileVariableOf(name)} ("${path}"): ${file.problem}.`);
    paths[name] = path;
  }
  const given = { ...env, ...read };
  return { given, claimed: { ...paths, ...given }, problems };
}

/** White space around it is no part of it: most files end with a line break. */
function contentOf(path: string, readFile: (path: string) => string): { content: string } | { problem: string } {
  try {
    const content = readFile(path).trim();
    return content === '' ? { problem: 'the file is empty' } : { content };
  } catch (error) {
    return { problem: `the file cannot be read: ${reasonOf(error)}` };
  }
}

/** Everything among the variables that the log must never show. */
export function secretsIn(given: Given): string[] {
  return SECRETS.flatMap((name) => {
    const value = given[name];
    if (value === undefined) return [];
    return name === 'REDIS_URL' ? passwordsIn(value) : [value];
  });
}

// Plain JavaScript that any Node since 12 can read: this is what an outdated Node runs into first.
const MAJOR = 22;
const MINOR = 19;

/**
 * What is wrong with this Node, and what to do about it; undefined where all is well.
 * The repository brings its own Node as a dev dependency, which npm puts first in the PATH of its scripts.
 * @param {string} version e.g. `24.1.0`
 * @param {boolean} installed whether node_modules is there
 * @returns {string | undefined}
 */
export function nodeProblem(version, installed) {
  if (!installed) return 'The dependencies are not installed. Run: npm ci';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MAJOR || (major === MAJOR && minor >= MINOR)) return undefined;
  return (
    `opsbot needs Node ${MAJOR}.${MINOR} or newer, and this is Node ${version}.\n` +
    'Run it as an npm script (npm start, npm test, npm run sandbox): the repository brings its own Node.\n' +
    'Where that is what you did: npm ci installs it (not with --omit=dev).'
  );
}

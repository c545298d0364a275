import { parseDocument } from 'yaml';
import { reasonOf } from './config-connections.ts';

/** A YAML file as plain data, or what is wrong with it. An empty file is an empty map. */
export function readYaml(
  path: string,
  readFile: (path: string) => string,
): { value: unknown } | { problems: readonly string[] } {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    return { problems: [`OPSBOT_CONFIG ("${path}"): the file cannot be read: ${reasonOf(error)}.`] };
  }
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    return { problems: document.errors.map((error) => `${path}: ${firstLine(error.message)}.${quoting(error.code)}`) };
  }
  try {
    return { value: document.toJS() ?? {} };
  } catch (error) {
    // An alias to nowhere (`*prod`), which is how an unquoted pattern reads.
    return { problems: [`${path}: ${firstLine(String(error))}.${quoting('BAD_ALIAS')}`] };
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/[:.]$/, '');
}

function quoting(code: string): string {
  return code === 'BAD_ALIAS' || code === 'BAD_SCALAR_START'
    ? ' A value that begins with * or @ needs quotes: "*".'
    : '';
}

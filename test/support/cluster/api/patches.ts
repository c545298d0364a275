import { isDeepStrictEqual } from 'node:util';
import { patchRefused } from '../status-error.ts';
import type { Json } from '../types.ts';

const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7386. Returns a new value; neither argument is changed. */
export function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

export interface JsonPatchOperation {
  op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  path: string;
  from?: string;
  value?: Json;
}

const keysOf = (path: string) =>
  path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

function parentOf(root: Json, keys: string[]): Json {
  let parent = root;
  for (const key of keys.slice(0, -1)) {
    parent = parent?.[key];
    if (typeof parent !== 'object' || parent === null) throw patchRefused();
  }
  return parent;
}

function read(root: Json, path: string): Json {
  const keys = keysOf(path);
  const value = parentOf(root, keys)?.[keys.at(-1) ?? ''];
  if (value === undefined) throw patchRefused();
  return value;
}

function write(root: Json, path: string, value: Json, mustExist: boolean): void {
  const keys = keysOf(path);
  const parent = parentOf(root, keys);
  const key = keys.at(-1) ?? '';
  if (mustExist && parent[key] === undefined) throw patchRefused();
  if (!Array.isArray(parent) || mustExist) parent[key] = value;
  else if (key === '-') parent.push(value);
  else if (Number(key) <= parent.length) parent.splice(Number(key), 0, value);
  else throw patchRefused();
}

function remove(root: Json, path: string): void {
  read(root, path);
  const keys = keysOf(path);
  const parent = parentOf(root, keys);
  const key = keys.at(-1) ?? '';
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

function applyOperation(root: Json, { op, path, from = '', value }: JsonPatchOperation): void {
  switch (op) {
    case 'add':
      write(root, path, value, false);
      break;
    case 'replace':
      write(root, path, value, true);
      break;
    case 'remove':
      remove(root, path);
      break;
    case 'copy':
      write(root, path, structuredClone(read(root, from)), false);
      break;
    case 'move': {
      const moved = read(root, from);
      remove(root, from);
      write(root, path, moved, false);
      break;
    }
    case 'test':
      if (!isDeepStrictEqual(read(root, path), value)) throw patchRefused();
      break;
    default:
      op satisfies never;
      throw patchRefused();
  }
}

/** RFC 6902. Returns a new value, or throws the 422 that the API server answers, whichever operation failed. */
export function jsonPatch(target: Json, operations: JsonPatchOperation[]): Json {
  const root = structuredClone(target);
  for (const operation of operations) applyOperation(root, operation);
  return root;
}

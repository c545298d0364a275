import type { KubeObject } from '../types.ts';

const texts = new WeakMap<KubeObject, string>();

/** An object's JSON without kind and apiVersion, made once: objects never change. That is how lists carry items. */
export function itemText(object: KubeObject): string {
  const found = texts.get(object);
  if (found !== undefined) return found;
  const { kind: _kind, apiVersion: _apiVersion, ...item } = object;
  const text = JSON.stringify(item);
  texts.set(object, text);
  return text;
}

/** The whole object's JSON, as in the answer to a get and in watch events. */
export const objectText = (object: KubeObject): string =>
  `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},${itemText(object).slice(1)}`;

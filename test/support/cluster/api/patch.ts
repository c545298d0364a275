import { badRequest, unsupportedMediaType } from '../status-error.ts';
import type { Json } from '../types.ts';
import { type Body, parseJson } from './body.ts';
import { jsonPatch, mergePatch } from './patches.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';

/** What the target becomes by the patch in the body; only JSON Patch and merge patch are understood. */
export function applyPatch(target: Json, { contentType, text }: Body): Json {
  if (contentType !== JSON_PATCH && contentType !== MERGE_PATCH) {
    throw unsupportedMediaType(`${JSON_PATCH}, ${MERGE_PATCH}`);
  }
  const patch = parseJson(text);
  if (contentType === MERGE_PATCH) return mergePatch(target, patch);
  if (!Array.isArray(patch)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  return jsonPatch(target, patch);
}

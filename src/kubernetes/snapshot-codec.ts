import { gunzipSync, gzipSync } from 'node:zlib';
import { InputError } from '../errors.ts';
import { parseSnapshot } from './snapshot-parse.ts';
import type { ClusterSnapshot } from './snapshot-reader.ts';

/** Grows when older readers could not make sense of it any more. */
export const SNAPSHOT_FORMAT = 1;
/** A picture of 10,000 pods has 4 MB; anything far above is no picture. */
const MAX_BYTES = 256 * 1_048_576;

/** Gzipped JSON. About 40 ms of work for 10,000 pods. */
export function encodeSnapshot(snapshot: ClusterSnapshot): Buffer {
  const plain = {
    ...snapshot,
    format: SNAPSHOT_FORMAT,
    nodes: snapshot.nodes && [...snapshot.nodes.values()].map(withoutSigns),
    workloads: [...snapshot.workloads.values()].map(withoutSigns),
    pods: [...snapshot.pods.values()].map(withoutSigns),
    autoscalers: snapshot.autoscalers && [...snapshot.autoscalers],
  };
  return gzipSync(JSON.stringify(plain), { level: 1 });
}

/** They are for the agent's own process; readers elsewhere get findings. */
function withoutSigns<T extends { signs?: object | undefined; rollout?: object | undefined }>(item: T): T {
  return item.signs || item.rollout ? { ...item, signs: undefined, rollout: undefined } : item;
}

/** InputError where it is no snapshot, or one of a format that is unknown here. */
export function decodeSnapshot(data: Buffer): ClusterSnapshot {
  let plain: unknown;
  try {
    plain = JSON.parse(gunzipSync(data, { maxOutputLength: MAX_BYTES }).toString());
  } catch (cause) {
    throw new InputError('What an agent published is no snapshot.', { cause });
  }
  return parseSnapshot(plain, SNAPSHOT_FORMAT);
}

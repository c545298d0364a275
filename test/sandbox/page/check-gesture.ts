import { z } from 'zod';
import { type ClusterRequest, type GestureRequest, TROUBLES } from './wire.ts';

const text = z.string().max(40_000);
const id = z.string().min(1).max(300);
const message = { channel: id, ts: id };
const surface = z.union([z.strictObject(message), z.strictObject({ view: id })]);
const element = { on: surface, block: id, action: id };
const does = <Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.strictObject({ do: z.literal(name), ...shape });

const gesture = z.discriminatedUnion('do', [
  does('say', { channel: id, text, thread: id.optional() }),
  does('edit', { ...message, text }),
  does('delete', message),
  does('react', { ...message, emoji: id }),
  does('unreact', { ...message, emoji: id }),
  does('slash', { channel: id, command: id, text }),
  does('shortcut', { name: id }),
  does('message shortcut', { ...message, name: id }),
  does('open home', {}),
  does('press', { ...element, option: id.optional() }),
  does('enter', { ...element, entry: z.union([text, z.array(id), z.null()]) }),
  does('search', { ...element, typed: text }),
  does('submit', { view: id }),
  does('close', { view: id }),
  does('dismiss', message),
  does('read', { channel: id, thread: id.optional() }),
]);

const workload = z.strictObject({ kind: id, namespace: id, name: id });
const deed = z.union([
  z.strictObject({ do: z.enum([...TROUBLES, 'recover']), workload }),
  z.strictObject({ do: z.enum(['take node away', 'bring node back']), node: id }),
  z.strictObject({ do: z.enum(['stop API server', 'kill worker']) }),
]);

/** What the page sends, held to its shape; throws where it is something else. */
export const parseGesture = (body: unknown): GestureRequest => z.strictObject({ as: id, gesture }).parse(body);
export const parseClusterDeed = (body: unknown): ClusterRequest => z.strictObject({ deed }).parse(body);

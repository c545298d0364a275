import { createHash } from 'node:crypto';
import type { KubeObject } from '../types.ts';
import type { LogLine } from './log.ts';

const PATHS = ['/healthz', '/api/orders', '/api/orders/4711', '/api/cart', '/login', '/metrics', '/api/users/me'];
const EVERY = 2_000;
const KEPT = 500;

const numberFrom = (seed: string): number => createHash('sha256').update(seed).digest().readUInt32BE(0);

function lineAt(seed: string, time: number): LogLine {
  const number = numberFrom(`${seed}${time}`);
  const path = PATHS[number % PATHS.length];
  const status = number % 97 === 0 ? 500 : number % 31 === 0 ? 404 : 200;
  const level = status === 500 ? 'ERROR' : status === 404 ? 'WARN' : 'INFO';
  const text = `${new Date(time).toISOString()} ${level} GET ${path} ${status} ${1 + (number % 240)}ms`;
  return { time, text };
}

/** What a web server would have written from `start` to `end`: the same lines whenever it is asked. */
export function livelyLog(pod: KubeObject, container: string, start: number, end: number): LogLine[] {
  const seed = `${pod.metadata.uid}/${container}`;
  const first = { time: start, text: `${new Date(start).toISOString()} INFO ${container} starting` };
  const second = { time: start + 1, text: `${new Date(start + 1).toISOString()} INFO listening on :8080` };
  const count = Math.floor(Math.max(0, end - start) / EVERY);
  const from = Math.max(1, count - KEPT);
  const lines = Array.from({ length: count - from + 1 }, (_, index) => lineAt(seed, start + (from + index) * EVERY));
  return [...(from === 1 ? [first, second] : []), ...lines];
}

/** The same, ending in the words of a program that gives up. */
export function lastWords(pod: KubeObject, container: string, start: number, end: number, cause: string): LogLine[] {
  const at = new Date(end).toISOString();
  return [
    ...livelyLog(pod, container, start, end),
    { time: end, text: `${at} ERROR ${cause}` },
    { time: end, text: `${at} FATAL shutting down` },
  ];
}

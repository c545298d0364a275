import { useSyncExternalStore } from 'react';
import { createListeners } from '../../listeners.ts';
import type { Answer, ClusterDeed, Gesture, TrafficDetail } from '../wire.ts';
import { takeSlices } from './store.ts';
import { takeTraffic } from './traffic-store.ts';

/** Whom this window is used as: `?as=bob`. */
export const AS = new URLSearchParams(window.location.search).get('as') ?? 'alice';

const listeners = createListeners();
let isOpen = true;

function setOpen(open: boolean): void {
  isOpen = open;
  listeners.tell();
}

/** Listens for as long as the window is there; the browser connects again by itself. */
export function connect(): void {
  const source = new EventSource(`/events?as=${encodeURIComponent(AS)}`);
  source.addEventListener('slices', ({ data }) => {
    takeSlices(JSON.parse(data));
    setOpen(true);
  });
  source.addEventListener('traffic', ({ data }) => takeTraffic(JSON.parse(data)));
  source.addEventListener('error', () => setOpen(false));
}

/** False while the sandbox cannot be reached. */
export const useConnected = (): boolean => useSyncExternalStore(listeners.add, () => isOpen);

async function post<T>(path: string, body: unknown): Promise<Answer<T>> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Answer<T>;
  } catch {
    return { ok: false, error: 'The sandbox cannot be reached. Is it still running?' };
  }
}

/** Gestures go out one after the other, as one person does one thing at a time: what is typed is there before Submit. */
let turn: Promise<unknown> = Promise.resolve();

export function sendGesture<T = unknown>(gesture: Gesture): Promise<Answer<T>> {
  const answer = turn.then(() => post<T>('/gesture', { as: AS, gesture }));
  turn = answer;
  return answer;
}

/** Searching and reading wait for nothing: they change nothing that others rely on. */
export const sendAside = <T = unknown>(gesture: Gesture): Promise<Answer<T>> =>
  post<T>('/gesture', { as: AS, gesture });

export const sendDeed = (deed: ClusterDeed): Promise<Answer<string>> => post('/cluster', { deed });

export async function fetchTraffic(id: number): Promise<TrafficDetail | undefined> {
  const response = await fetch(`/traffic/${id}`);
  return ((await response.json()) as TrafficDetail | null) ?? undefined;
}

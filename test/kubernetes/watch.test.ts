import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RawObject } from '../../src/kubernetes/raw.ts';
import { PODS } from '../../src/kubernetes/resources.ts';
import type { Rest } from '../../src/kubernetes/rest.ts';
import { createListWatch, type ListWatch, type ListWatchOptions } from '../../src/kubernetes/watch.ts';
import { WATCH_TIMINGS } from '../../src/kubernetes/watch-timings.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { restTo } from './scripted-rest.ts';
import { type Exchange, type ScriptedServer, type Stream, startScriptedServer } from './scripted-server.ts';

interface Thing {
  uid: string;
  name: string;
  label: string;
}

const raw = (name: string, resourceVersion: number | string, label = '', uid = `uid-${name}`) => ({
  metadata: { namespace: 'ns', name, uid, resourceVersion: String(resourceVersion), labels: { label } },
});
const list = (resourceVersion: number, items: unknown[], token?: string) => ({
  metadata: { resourceVersion: String(resourceVersion), ...(token ? { continue: token } : {}) },
  items,
});
const bookmark = (resourceVersion: number) => ({ metadata: { resourceVersion: String(resourceVersion) } });
const project = (object: unknown): Thing => {
  const { uid = '', name = '', labels } = (object as RawObject).metadata ?? {};
  return { uid, name, label: labels?.label ?? '' };
};
const isWatch = (exchange: Exchange) => exchange.query.get('watch') === 'true';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Running {
  server: ScriptedServer;
  things: Map<string, Thing>;
  changes: string[];
  warnings: string[];
  /** `pods ended`, … */
  restarts: string[];
  watch: ListWatch;
  stop(): Promise<void>;
}

const FAST = { backoffBase: 2, backoffCap: 8, settled: 10_000, inactivity: 10_000 };

async function start(
  answer: (exchange: Exchange, index: number) => void,
  options: Partial<ListWatchOptions<Thing>> = {},
): Promise<Running> {
  const server = await startScriptedServer(answer);
  const rest: Rest = restTo(server.url);
  const things = new Map<string, Thing>();
  const changes: string[] = [];
  const warnings: string[] = [];
  const restarts: string[] = [];
  const note = (fields: object, message: string) => {
    const err = 'err' in fields && fields.err instanceof Error ? fields.err.message : '';
    warnings.push(`${message}: ${err}`);
  };
  const watch = createListWatch<Thing>({
    rest,
    type: PODS,
    project,
    logger: { debug() {}, info() {}, warn: note, error: note },
    onChange(before, after) {
      changes.push(`${before?.uid ?? '-'}>${after?.uid ?? '-'}`);
      if (before) things.delete(before.uid);
      if (after) things.set(after.uid, after);
    },
    onRestart: (resource, reason) => restarts.push(`${resource} ${reason}`),
    ...options,
    timings: { ...FAST, ...options.timings },
  });
  const controller = new AbortController();
  const running = watch.run(controller.signal);
  const stop = async () => {
    controller.abort();
    await running;
  };
  cleanups.push(async () => {
    await stop();
    await rest.close();
    await server.close();
  });
  return { server, things, changes, warnings, restarts, watch, stop };
}

const names = ({ things }: Running) => [...things.values()].map(({ name }) => name).sort();
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 5_000, interval: 5 });
/** Lets time go by, a second at a time, until it is so. */
const passing = (clock: FakeClock, check: () => void) =>
  until(async () => {
    await clock.advance(1_000);
    check();
  });

describe('list', () => {
  it('reads page by page and is ready only after the last', async () => {
    const held = Promise.withResolvers<Exchange>();
    const run = await start((exchange) => {
      if (isWatch(exchange)) exchange.stream();
      else if (exchange.query.get('continue') === 'second') held.resolve(exchange);
      else exchange.json(200, list(10, [raw('a', 1), raw('b', 2)], 'second'));
    });
    const second = await held.promise;
    expect(second.query.get('limit')).toBe('500');
    expect(run.watch.isReady()).toBe(false);
    second.json(200, list(10, [raw('c', 3)]));
    await run.watch.ready;
    expect(names(run)).toEqual(['a', 'b', 'c']);
    await until(() => expect(run.server.seen.find(isWatch)?.query.get('resourceVersion')).toBe('10'));
  });

  it('is not ready while lists fail, says why, and recovers', async () => {
    const failing = { on: true };
    const run = await start((exchange) => {
      if (isWatch(exchange)) exchange.stream();
      else if (failing.on) exchange.fail(500, 'etcd is away');
      else exchange.json(200, list(5, [raw('a', 1)]));
    });
    await until(() => expect(run.server.seen.length).toBeGreaterThan(4));
    expect(run.watch.isReady()).toBe(false);
    expect(run.watch.problem()).toContain('HTTP 500');
    failing.on = false;
    await run.watch.ready;
    expect(names(run)).toEqual(['a']);
    await until(() => expect(run.watch.problem()).toBeUndefined());
  });

  it('begins again where the list grew too old between two pages', async () => {
    let continues = 0;
    const run = await start((exchange) => {
      if (isWatch(exchange)) return void exchange.stream();
      if (exchange.query.get('continue') === null) return exchange.json(200, list(10, [raw('a', 1)], 'next'));
      continues += 1;
      if (continues === 1) exchange.fail(410, 'the continue token is too old', 'Expired');
      else exchange.json(200, list(11, [raw('b', 2)]));
    });
    await run.watch.ready;
    expect(names(run)).toEqual(['a', 'b']);
    expect(run.server.seen.filter((one) => !isWatch(one))).toHaveLength(4);
  });

  it('does without an optional resource that it may not list, and takes it up once it may', async () => {
    const allowed = { on: false };
    const run = await start(
      (exchange) => {
        if (isWatch(exchange)) exchange.stream();
        else if (allowed.on) exchange.json(200, list(3, [raw('a', 1)]));
        else exchange.fail(403, 'nodes is forbidden', 'Forbidden');
      },
      { optional: true, timings: { recheck: 5 } },
    );
    await run.watch.ready;
    expect(run.watch.isDenied()).toBe(true);
    expect(run.watch.problem()).toBeUndefined();
    allowed.on = true;
    await until(() => expect(names(run)).toEqual(['a']));
    expect(run.watch.isDenied()).toBe(false);
  });

  it('names the missing right where the resource is needed', async () => {
    const run = await start((exchange) => exchange.fail(403, 'pods is forbidden', 'Forbidden'));
    await run.watch.ready;
    expect(run.watch.problem()).toBe('opsbot may not list pods in the whole cluster.');
    expect(run.watch.isDenied()).toBe(true);
  });

  it('keeps what it knew where the right is taken away, and is current again once it is back', async () => {
    const allowed = { on: true };
    let version = 3;
    const streams: Stream[] = [];
    const run = await start((exchange) => {
      if (!allowed.on) exchange.fail(403, 'pods is forbidden', 'Forbidden');
      else if (isWatch(exchange)) streams.push(exchange.stream());
      else exchange.json(200, list(version, [raw(version === 3 ? 'a' : 'b', version)]));
    });
    await until(() => expect(streams).toHaveLength(1));
    allowed.on = false;
    streams[0]?.end();
    await until(() => expect(run.watch.isDenied()).toBe(true));
    expect([names(run), run.watch.problem()]).toEqual([['a'], 'opsbot may not list pods in the whole cluster.']);
    const known = run.watch.asOf();
    await until(() => expect(run.server.seen.length).toBeGreaterThan(5));
    expect(run.watch.asOf(), 'what is kept is not current').toBe(known);
    version = 7;
    allowed.on = true;
    await until(() => expect(names(run)).toEqual(['b']));
    await until(() => expect([run.watch.isDenied(), run.watch.problem()]).toEqual([false, undefined]));
  });

  it('lists again and again what it may not watch, and says so', async () => {
    let version = 3;
    const run = await start((exchange) => {
      if (isWatch(exchange)) exchange.fail(403, 'pods is forbidden', 'Forbidden');
      else exchange.json(200, list(++version, [raw(`at-${version}`, version)]));
    });
    await until(() => expect(version).toBeGreaterThan(6));
    await until(() => expect(names(run)).toEqual([`at-${version}`]));
    expect([run.watch.isReady(), run.watch.isDenied()]).toEqual([true, false]);
    expect(run.watch.problem()).toBe('opsbot may not watch pods in the whole cluster.');
  });
});

describe('watch', () => {
  /** Lists `items` at version 10, hands every watch to `onWatch` with its number. */
  const scripted = (
    items: unknown[],
    onWatch: (stream: Stream, index: number, exchange: Exchange) => void,
    laterLists: unknown[] = [],
  ) => {
    let watches = 0;
    let lists = 0;
    return (exchange: Exchange) => {
      if (isWatch(exchange)) return onWatch(exchange.stream(), watches++, exchange);
      const later = lists++ === 0 ? undefined : laterLists[lists - 2];
      exchange.json(200, later ?? list(10, items));
    };
  };

  it('follows added, modified and deleted objects', async () => {
    const run = await start(
      scripted([raw('a', 1), raw('b', 2)], (stream) => {
        stream.event('ADDED', raw('c', 11));
        stream.event('MODIFIED', raw('a', 12, 'new'));
        stream.event('DELETED', raw('b', 13));
      }),
    );
    await until(() => expect(run.changes).toEqual(['->uid-a', '->uid-b', '->uid-c', 'uid-a>uid-a', 'uid-b>-']));
    expect(names(run)).toEqual(['a', 'c']);
    expect(run.things.get('uid-a')?.label).toBe('new');
  });

  it('asks for bookmarks and a time limit, and goes on from the last bookmark', async () => {
    const run = await start(
      scripted([raw('a', 1)], (stream, index) => {
        if (index > 0) return;
        stream.event('BOOKMARK', bookmark(500));
        stream.end();
      }),
    );
    await until(() => expect(run.server.seen.filter(isWatch)).toHaveLength(2));
    const [first, second] = run.server.seen.filter(isWatch);
    expect(first?.query.get('allowWatchBookmarks')).toBe('true');
    expect(Number(first?.query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300);
    expect(Number(first?.query.get('timeoutSeconds'))).toBeLessThanOrEqual(600);
    expect(second?.query.get('resourceVersion')).toBe('500');
    expect(run.warnings).toEqual([]);
  });

  it('loses nothing where the connection breaks in the middle of an event', async () => {
    const run = await start(
      scripted([], (stream, index) => {
        const line = Buffer.from(`${JSON.stringify({ type: 'ADDED', object: raw('b', 12) })}\n`);
        if (index === 0) {
          stream.event('ADDED', raw('a', 11));
          stream.bytes(line.subarray(0, 30));
          setImmediate(() => stream.cut());
        } else stream.bytes(line);
      }),
    );
    await until(() => expect(names(run)).toEqual(['a', 'b']));
    expect(run.server.seen.filter(isWatch)[1]?.query.get('resourceVersion')).toBe('11');
    expect(run.server.seen.filter((one) => !isWatch(one))).toHaveLength(1);
  });

  it.each(['as the answer’s status', 'as an event'])(
    'lists again after 410 %s, and reports what has vanished meanwhile',
    async (how) => {
      let watches = 0;
      let lists = 0;
      const run = await start((exchange) => {
        if (!isWatch(exchange)) {
          lists += 1;
          return exchange.json(
            200,
            lists === 1 ? list(10, [raw('a', 1), raw('b', 2)]) : list(90, [raw('b', 2), raw('c', 80)]),
          );
        }
        watches += 1;
        if (watches > 1) return void exchange.stream();
        if (how === 'as an event') exchange.stream().event('ERROR', { kind: 'Status', code: 410, reason: 'Expired' });
        else exchange.fail(410, 'too old resource version', 'Expired');
      });
      await until(() => expect(names(run)).toEqual(['b', 'c']));
      expect(run.changes).toEqual(['->uid-a', '->uid-b', '->uid-c', 'uid-a>-']);
      await until(() => expect(run.server.seen.filter(isWatch)[1]?.query.get('resourceVersion')).toBe('90'));
    },
  );

  it('treats an object recreated under the same name as gone and new, in the watch', async () => {
    const run = await start(
      scripted([raw('a', 1, '', 'first')], (stream) => {
        stream.event('MODIFIED', raw('a', 11, '', 'second'));
        // Late news of the first one must not take the second away.
        stream.event('DELETED', raw('a', 12, '', 'first'));
        stream.event('ADDED', raw('z', 13));
      }),
    );
    await until(() => expect(run.changes).toEqual(['->first', 'first>-', '->second', '->uid-z']));
  });

  it('treats an object recreated under the same name as gone and new, in a later list', async () => {
    const run = await start(
      scripted(
        [raw('a', 1, '', 'first')],
        (stream, index) => {
          if (index === 0) stream.event('ERROR', { kind: 'Status', code: 410 });
        },
        [list(20, [raw('a', 15, '', 'second')])],
      ),
    );
    await until(() => expect(run.changes).toEqual(['->first', 'first>-', '->second']));
  });

  it('ignores what is told twice and what is older than what it knows', async () => {
    const run = await start(
      scripted([raw('a', 1)], (stream) => {
        stream.event('MODIFIED', raw('a', 12, 'new'));
        stream.event('MODIFIED', raw('a', 12, 'new'));
        stream.event('MODIFIED', raw('a', 11, 'old'));
        stream.event('ADDED', raw('z', 13));
      }),
    );
    await until(() => expect(names(run)).toEqual(['a', 'z']));
    expect(run.changes).toEqual(['->uid-a', 'uid-a>uid-a', '->uid-z']);
    expect(run.things.get('uid-a')?.label).toBe('new');
  });

  it('says nothing of an update that changes nothing of what is kept', async () => {
    const run = await start(
      scripted([raw('a', 1)], (stream) => {
        stream.event('MODIFIED', raw('a', 11));
        stream.event('ADDED', raw('z', 12));
      }),
    );
    await until(() => expect(run.changes).toEqual(['->uid-a', '->uid-z']));
  });

  it('reads characters that chunks split, and events that are large', async () => {
    const label = 'ü€🚀'.repeat(100_000);
    const run = await start(
      scripted([], (stream) => {
        const line = Buffer.from(`${JSON.stringify({ type: 'ADDED', object: raw('a', 11, label) })}\n`);
        for (let at = 0; at < line.length; at += 65_537) stream.bytes(line.subarray(at, at + 65_537));
      }),
    );
    await until(() => expect(run.things.get('uid-a')?.label).toBe(label));
  });

  it('goes on after failures of the server, with growing pauses, and lists again where they last', async () => {
    let watches = 0;
    const run = await start((exchange) => {
      if (!isWatch(exchange)) return exchange.json(200, list(10 + watches, [raw('a', 1)]));
      watches += 1;
      if (watches < 5) exchange.fail(500, 'no');
      else exchange.stream().event('ADDED', raw('b', 50));
    });
    await until(() => expect(names(run)).toEqual(['a', 'b']));
    expect(run.server.seen.filter((one) => !isWatch(one))).toHaveLength(2);
    await until(() => expect(run.watch.problem()).toBeUndefined());
  });

  it('does not spin where each watch ends as soon as it begins', async () => {
    const run = await start(
      scripted([], (stream) => stream.end()),
      { timings: { backoffBase: 20, backoffCap: 40 } },
    );
    await until(() => expect(run.warnings.length).toBeGreaterThan(2));
    expect(run.warnings[0]).toContain('ends the watch of pods as soon as it begins');
  });

  it('takes a silent connection for dead and opens another', async () => {
    const run = await start(
      scripted([], (stream, index) => {
        if (index > 0) stream.event('ADDED', raw('a', 11));
      }),
      { timings: { inactivity: 30 } },
    );
    await until(() => expect(names(run)).toEqual(['a']));
    expect(run.warnings[0]).toContain('has not said anything');
  });

  it('says why it begins anew', async () => {
    const version = (stream: Stream, after: number) => stream.event('BOOKMARK', bookmark(after));
    const error = (stream: Stream, code: number) => stream.event('ERROR', { kind: 'Status', code });
    const watches: ((stream: Stream) => void)[] = [
      (stream) => {
        version(stream, 11);
        stream.end();
      },
      (stream) => error(stream, 410),
      (stream) => error(stream, 403),
      (stream) => error(stream, 429),
      (stream) => error(stream, 500),
      (stream) => version(stream, 12),
    ];
    const run = await start(
      scripted([], (stream, index) => watches[index]?.(stream)),
      { timings: { inactivity: 200 } },
    );
    await until(() =>
      expect(run.restarts.slice(0, 6)).toEqual(
        ['ended', 'expired', 'denied', 'busy', 'broken', 'silent'].map((reason) => `pods ${reason}`),
      ),
    );
  });

  it('takes a bookmark for a sign of life, and moves its clock with it', async () => {
    const clock = createFakeClock(1_000);
    const opened = Promise.withResolvers<Stream>();
    const run = await start(
      scripted([], (stream) => opened.resolve(stream)),
      { clock, timings: { inactivity: 90_000 } },
    );
    await run.watch.ready;
    expect(run.watch.asOf()).toBe(1_000);
    const stream = await opened.promise;
    for (const minute of [1, 2, 3]) {
      await clock.advance(60_000);
      stream.event('BOOKMARK', bookmark(20 + minute));
      await until(() => expect(run.watch.asOf()).toBe(1_000 + minute * 60_000));
    }
    expect(run.warnings).toEqual([]);
    await clock.advance(90_000);
    await until(() => expect(run.warnings[0]).toContain('has not said anything for 90 s'));
  });

  it('survives a handler that throws, and lines that are no objects', async () => {
    const seen: string[] = [];
    const run = await start(
      scripted([raw('a', 1)], (stream, index) => {
        if (index === 0) stream.bytes('null\n');
        else if (index === 1) stream.bytes('{"type":\n');
        else stream.event('ADDED', raw('b', 11));
      }),
      {
        onChange(_, after) {
          seen.push(after?.name ?? '');
          throw new Error('handler');
        },
      },
    );
    await until(() => expect(seen).toEqual(['a', 'b']));
    expect(run.warnings).toContain('a handler of cluster changes failed: handler');
  });

  it('stops at once, in the middle of a watch and of a pause', async () => {
    const opened = Promise.withResolvers<Stream>();
    const watching = await start(scripted([], (stream) => opened.resolve(stream)));
    const stream = await opened.promise;
    await watching.stop();
    await stream.closed;
    const pausing = await start((exchange) => exchange.fail(500, 'no'), {
      timings: { backoffBase: 60_000, backoffCap: 60_000 },
    });
    await until(() => expect(pausing.warnings).toHaveLength(1));
    await pausing.stop();
    expect(pausing.server.seen).toHaveLength(1);
  });
});

describe('a server whose data was restored from a backup', () => {
  const lists = ({ server }: Running) => server.seen.filter((one) => !isWatch(one)).length;
  const watchedFrom = ({ server }: Running) =>
    server.seen.filter(isWatch).map(({ query }) => Number(query.get('resourceVersion')));
  /** At version 1000 first; then as of version 500, from when on `onOld` answers watches that begin after that. */
  const restored = (onOld: (stream: Stream) => void) => {
    let isRestored = false;
    const answerList = (exchange: Exchange) => {
      if (isRestored) exchange.json(200, list(500, [raw('a', 450, 'old')]));
      else exchange.json(200, list(1000, [raw('a', 900, 'new'), raw('b', 950)]));
    };
    const answerWatch = (stream: Stream, from: string | null) => {
      if (!isRestored) {
        isRestored = true;
        setImmediate(() => stream.cut());
      } else if (from === '500') {
        stream.event('ADDED', raw('c', 510));
        stream.event('MODIFIED', raw('a', 511, 'newest'));
      } else onOld(stream);
    };
    return (exchange: Exchange) => {
      if (isWatch(exchange)) answerWatch(exchange.stream(), exchange.query.get('resourceVersion'));
      else answerList(exchange);
    };
  };
  const expectNewHistory = async (run: Running) => {
    await until(() => expect(names(run)).toEqual(['a', 'c']));
    await until(() => expect(run.things.get('uid-a')?.label).toBe('newest'));
    expect(run.changes.slice(2)).toEqual(['uid-a>uid-a', 'uid-b>-', '->uid-c', 'uid-a>uid-a']);
    expect([lists(run), watchedFrom(run)]).toEqual([2, [1000, 1000, 500]]);
  };

  it('is listed again where it says nothing until it gets to the version that is known', async () => {
    const clock = createFakeClock();
    const run = await start(
      restored(() => {}),
      { clock, timings: WATCH_TIMINGS },
    );
    await passing(clock, () => expect(lists(run)).toBe(2));
    await expectNewHistory(run);
  });

  it.each([
    ['an event', (stream: Stream) => stream.event('MODIFIED', raw('a', 505, 'older'))],
    ['a deletion', (stream: Stream) => stream.event('DELETED', raw('b', 505))],
    ['a bookmark', (stream: Stream) => stream.event('BOOKMARK', bookmark(505))],
    ['a failure', (stream: Stream) => stream.event('ERROR', { code: 504, message: 'Too large resource version' })],
  ])('is listed again where %s shows it', async (_, onOld) => {
    await expectNewHistory(await start(restored(onOld)));
  });
});

describe('after a cut', () => {
  /** Lists `items` at version 10 whenever asked; the n-th watch is answered by the n-th script. */
  const scripts = (items: unknown[], ...onWatch: ((stream: Stream) => void)[]) => {
    let watches = 0;
    return (exchange: Exchange) => {
      if (isWatch(exchange)) onWatch[watches++]?.(exchange.stream());
      else exchange.json(200, list(10, items));
    };
  };
  const thenCut = (send: (stream: Stream) => void) => (stream: Stream) => {
    send(stream);
    setImmediate(() => stream.cut());
  };
  const lists = ({ server }: Running) => server.seen.filter((one) => !isWatch(one)).length;

  it('takes once what is told again', async () => {
    const run = await start(
      scripts(
        [],
        thenCut((stream) => stream.event('ADDED', raw('a', 11))),
        (stream) => {
          stream.event('ADDED', raw('a', 11));
          stream.event('ADDED', raw('z', 12));
        },
      ),
    );
    await until(() => expect(names(run)).toEqual(['a', 'z']));
    expect([run.changes, lists(run)]).toEqual([['->uid-a', '->uid-z'], 1]);
  });

  it('sees that an object was deleted and recreated under the same name', async () => {
    const run = await start(
      scripts(
        [raw('a', 1, '', 'first')],
        thenCut((stream) => stream.event('MODIFIED', raw('a', 11, 'dying', 'first'))),
        (stream) => {
          stream.event('DELETED', raw('a', 12, 'dying', 'first'));
          stream.event('ADDED', raw('a', 13, '', 'second'));
        },
      ),
    );
    await until(() => expect(run.changes).toEqual(['->first', 'first>first', 'first>-', '->second']));
    expect([...run.things.keys(), lists(run)]).toEqual(['second', 1]);
  });

  it('goes on without another list where the silent connection had said something before', async () => {
    const clock = createFakeClock();
    const run = await start(
      scripts(
        [],
        (stream) => stream.event('ADDED', raw('a', 11)),
        (stream) => stream.event('ADDED', raw('b', 12)),
      ),
      { clock, timings: WATCH_TIMINGS },
    );
    await until(() => expect(names(run)).toEqual(['a']));
    await passing(clock, () => expect(names(run)).toEqual(['a', 'b']));
    expect(lists(run)).toBe(1);
  });

  it('comes back after a minute of errors, neither hammering nor pretending to be current', async () => {
    const clock = createFakeClock(0);
    const outage = { from: Number.POSITIVE_INFINITY, to: 0 };
    const isDown = () => clock.monotonic() >= outage.from && clock.monotonic() < outage.to;
    let first: Stream | undefined;
    const run = await start(
      (exchange) => {
        if (isDown()) exchange.fail(500, 'etcd is away');
        else if (!isWatch(exchange)) exchange.json(200, first ? list(90, [raw('b', 80)]) : list(10, [raw('a', 1)]));
        else {
          const stream = exchange.stream();
          if (first) stream.event('ADDED', raw('c', 91));
          first ??= stream;
        }
      },
      { clock, timings: WATCH_TIMINGS },
    );
    await until(() => expect(first).toBeDefined());
    await clock.advance(10_000);
    Object.assign(outage, { from: clock.monotonic(), to: clock.monotonic() + 60_000 });
    first?.cut();
    const before = run.server.seen.length;
    await passing(clock, () => expect(run.watch.problem()).toContain('HTTP 500'));
    await passing(clock, () => expect(isDown()).toBe(false));
    expect(run.watch.asOf()).toBeLessThan(outage.from);
    expect(run.server.seen.length - before).toBeLessThan(20);
    await passing(clock, () => expect(names(run)).toEqual(['b', 'c']));
    expect(clock.monotonic()).toBeLessThan(outage.to + 2 * WATCH_TIMINGS.backoffCap);
    expect([run.watch.problem(), run.watch.isReady()]).toEqual([undefined, true]);
    expect(run.watch.asOf()).toBeGreaterThanOrEqual(outage.to);
  });
});

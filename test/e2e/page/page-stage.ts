import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { bundlePage } from '../../sandbox/page/bundle-page.ts';
import { servePage } from '../../sandbox/page/serve-page.ts';
import { createLocalScene } from '../../sandbox/scene/local-scene.ts';
import type { Scene } from '../../sandbox/scene/scene.ts';
import { PEOPLE, startSandbox } from '../../sandbox/start-sandbox.ts';
import { openBrowser } from '../../support/browser/open-browser.ts';
import { openWindow, type Watched, type WindowOptions } from '../../support/browser/open-window.ts';
import type { LogLine } from '../../support/opsbot.ts';
import type { LocalSlack } from '../../support/slack/local-slack.ts';
import type { Person } from '../../support/slack/people/person.ts';
import { createHands, type Hands } from './hands.ts';

/** So many times as fast as people need it: quick, and still to be seen on its way. */
const HASTE = 3;
const DESK = { width: 1600, height: 1000 };
/** pino's number for an error. */
const ERROR = 50;

type Name = (typeof PEOPLE)[number];

interface OpenWindow extends Hands {
  /** What went wrong in it so far, which is forgiven by that: for a test that provokes it. */
  takeProblems(): string[];
}

async function raise(createScene: () => Promise<Scene>) {
  await using parts = new AsyncDisposableStack();
  const bundling = bundlePage();
  bundling.catch(() => undefined); // whoever waits for it sees it
  const { signal } = new AbortController();
  const sandbox = parts.use(await startSandbox({ createScene, env: {}, signal }));
  const assets = await bundling;
  const serve = (port?: number) =>
    servePage({ sandbox, assets, players: PEOPLE, ...(port === undefined ? {} : { port }) });
  const first = await serve();
  const port = Number(new URL(first.url).port);
  const page = { url: first.url, now: first };
  parts.defer(() => page.now[Symbol.asyncDispose]());
  const serveAgain = async () => {
    page.now = await serve(port);
  };
  const browser = parts.use(await openBrowser());
  return { sandbox, page, serveAgain, browser, parts: parts.move() };
}

/**
 * A sandbox with its page and a browser, for all tests of a suite; by default on the sandbox's own cluster. After each
 * test it holds whatever happened to what is always true: no window has reported a problem, Slack would have taken every
 * call, nobody was paged, and opsbot logged no error.
 */
export function usePage(createScene = () => createLocalScene({ haste: HASTE })) {
  let running: Awaited<ReturnType<typeof raise>> | undefined;
  const use = () => {
    if (running === undefined) throw new Error('the page is there only inside of hooks and tests');
    return running;
  };
  const windows: { watched: Watched; forgiven: Set<string> }[] = [];
  let read = 0;
  const takeErrors = (): LogLine[] => {
    const { log } = use().sandbox.opsbot;
    const fresh = log.slice(read);
    read = log.length;
    return fresh.filter(({ level = 0 }) => level >= ERROR);
  };

  beforeAll(async () => {
    running = await raise(createScene);
  });
  afterEach(async () => {
    const { slack } = use().sandbox;
    const problems = windows.flatMap((window) => window.watched.problems().filter((one) => !window.forgiven.has(one)));
    await Promise.all(windows.splice(0).map(({ watched }) => watched.page.close()));
    slack.clearFaults();
    // One that a failed test has left open would lie above everything in the next one.
    for (const person of PEOPLE.map(slack.person)) while (person.modal()) await person.closes();
    expect(problems).toEqual([]);
    // Taken, so that a test that fails here does not take the next ones along.
    expect(slack.takeViolations()).toEqual([]);
    expect(slack.broadcasts).toEqual([]);
    expect(takeErrors()).toEqual([]);
  });
  afterAll(async () => {
    await running?.parts.disposeAsync();
  });

  const person = (name: Name): Person => use().sandbox.slack.person(name);
  return {
    /** Opens a window as that person. */
    async open(name: Name, options: WindowOptions = {}): Promise<OpenWindow> {
      const { browser, page } = use();
      const watched = await openWindow(browser, `${page.url}?as=${name}`, { viewport: DESK, ...options });
      const window = { watched, forgiven: new Set<string>() };
      windows.push(window);
      await watched.page.getByRole('main', { includeHidden: true }).waitFor();
      return {
        ...createHands(watched.page),
        takeProblems() {
          const found = watched.problems().filter((one) => !window.forgiven.has(one));
          for (const one of found) window.forgiven.add(one);
          return found;
        },
      };
    },
    get slack(): LocalSlack {
      return use().sandbox.slack;
    },
    /** Ends what serves the page; the function that it returns serves it again at the same place. */
    async stopPage(): Promise<() => Promise<void>> {
      const { page, serveAgain } = use();
      await page.now[Symbol.asyncDispose]();
      return serveAgain;
    },
    /** For what is not the story: does it without a window. */
    person,
  };
}

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Action } from '../../src/actions/action.ts';
import { formatCommand } from '../../src/actions/format-command.ts';
import { actions, createActions, findAction } from '../../src/actions/index.ts';
import { parseCommand } from '../../src/slack/command.ts';
import { clusterWith, contextOf, planned, podOf, workloadOf } from './action-kit.ts';

const RESOURCES: Record<string, string[]> = {
  '': ['pods', 'pods/log', 'events', 'namespaces'],
  apps: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'],
  autoscaling: ['horizontalpodautoscalers'],
};

/** Keys of an object schema; of any action, the ones that its fields may fill. */
function keysOf(action: Action): string[] {
  return Object.keys((action.input as z.ZodObject).shape);
}

function clusterForAll() {
  const cluster = clusterWith(workloadOf({ name: 'api' }));
  cluster.pods.push(podOf());
  return cluster;
}

/** An input that every cluster of these tests can serve. */
const INPUTS: Record<string, unknown> = {
  scale: { workload: { name: 'api' }, replicas: 5 },
  restart: { workload: { name: 'api' } },
  logs: { pod: 'api-7d9f-x1' },
  pods: { namespace: 'default' },
};

test('names and titles are unique, and found', () => {
  expect(new Set(actions.map(({ name }) => name)).size).toBe(actions.length);
  expect(new Set(actions.map(({ title }) => title)).size).toBe(actions.length);
  for (const action of actions) expect(findAction(action.name)).toBe(action);
  expect(findAction('nonsense')).toBeUndefined();
  expect(createActions().map(({ name }) => name)).toEqual(actions.map(({ name }) => name));
});

test('no more shortcuts than Slack has room for, global and on messages together', () => {
  expect(2 * actions.filter(({ shortcut }) => shortcut).length).toBeLessThanOrEqual(10);
});

describe.each(actions.map((action) => [action.name, action] as const))('%s', (_, action) => {
  test('leaves word on what it changes, and on nothing that it reads', async () => {
    expect(action.event !== undefined).toBe(action.effect === 'change');
    if (!action.event) return;
    expect(action.event.reason).toMatch(/^([A-Z][a-z]+)+$/);
    // Words by which trouble is found: what opsbot says itself must not be taken for some.
    expect(action.event.reason).not.toMatch(/^(Failed.*|Unhealthy|BackOff)$/);
    const plan = await planned(action, contextOf(clusterForAll()), INPUTS[action.name]);
    expect(action.event.words(plan)).toMatch(/^[A-Z].*[^.]$/);
  });

  test('fits into Slack', () => {
    expect(action.title.length).toBeLessThanOrEqual(24);
    expect(action.verb.length).toBeLessThanOrEqual(24);
    expect(action.description).toMatch(/^[A-Z].*\.$/);
    expect(action.name).toMatch(/^[a-z]+$/);
    for (const field of action.fields) expect(field.label.length).toBeLessThanOrEqual(48);
  });

  test('its fields and flags fill keys of its input, each once', () => {
    const names = action.fields.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(keysOf(action)).toContain(name);
    for (const { name, long, short } of action.command.flags) {
      expect(keysOf(action)).toContain(name);
      expect(long).toMatch(/^--[a-z]+$/);
      expect(short ?? '-x').toMatch(/^-[a-z]$/);
    }
  });

  test('does what its effect says', () => {
    const changes = action.effect === 'change';
    expect(action.execute !== undefined).toBe(changes);
    expect(action.follow !== undefined).toBe(changes);
    expect(action.read === undefined).toBe(changes);
    expect(action.patch !== undefined).toBe(changes);
  });

  test('asks for rights that exist, and for no more than reading where it reads', () => {
    const verbs = action.effect === 'change' ? ['get', 'list', 'patch'] : ['get', 'list'];
    expect(action.permissions.length).toBeGreaterThan(0);
    for (const { verb, group, resource, subresource } of action.permissions) {
      expect(verbs).toContain(verb);
      expect(RESOURCES[group]).toContain(subresource === undefined ? resource : `${resource}/${subresource}`);
    }
    const rules = action.permissions.map((access) => JSON.stringify(access));
    expect(new Set(rules).size).toBe(rules.length);
  });

  test('its examples mean what they say, and read back', () => {
    expect(action.examples.length).toBeGreaterThanOrEqual(2);
    for (const { line, input, says } of action.examples) {
      expect(parseCommand(line, { actions })).toMatchObject({ kind: 'action', action: action.name, input });
      expect(action.input.safeParse(input).success).toBe(true);
      expect(parseCommand(formatCommand(action, input), { actions })).toMatchObject({ kind: 'action', input });
      expect(says).toMatch(/\.$/);
    }
  });

  test('plans plain JSON of bounded size, whose input is valid again', async () => {
    const cluster = clusterForAll();
    const plan = await planned(action, contextOf(cluster), INPUTS[action.name]);
    expect(z.json().parse(plan.input)).toEqual(plan.input);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(action.input.safeParse(plan.input).success).toBe(true);
    expect(plan.patch === null).toBe(action.effect === 'read');
    expect(await planned(action, contextOf(cluster), plan.input)).toEqual(plan);
  });

  test('speaks plain text', async () => {
    const plan = await planned(action, contextOf(clusterForAll()), INPUTS[action.name]);
    for (const text of [action.headline(plan), action.describe(INPUTS[action.name])]) {
      expect(text).toMatch(/^[A-Z][\w .,:/–-]*$/);
      expect(text.length).toBeLessThanOrEqual(150);
    }
  });

  test('what it undoes is a valid input again', async () => {
    const plan = await planned(action, contextOf(clusterForAll()), INPUTS[action.name]);
    const back = action.undo?.(plan);
    if (back !== undefined) expect(findAction(back.action)?.input.safeParse(back.input).success).toBe(true);
    expect(back !== undefined).toBe(action.name === 'scale');
  });
});

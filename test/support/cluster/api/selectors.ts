import type { Resource } from '../resources.ts';
import { badRequest } from '../status-error.ts';
import type { KubeObject } from '../types.ts';

export type Matcher = (object: KubeObject) => boolean;

const everything: Matcher = () => true;
const and =
  (matchers: Matcher[]): Matcher =>
  (object) =>
    matchers.every((matches) => matches(object));

const SET = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/;
const EQUALITY = /^([\w./-]+)\s*(==|!=|=)\s*([\w.-]*)$/;
const EXISTENCE = /^(!?)\s*([\w./-]+)$/;

/** Splits at commas that are outside of parentheses. */
const requirements = (selector: string) => selector.split(/,(?![^(]*\))/).map((part) => part.trim());

function labelRequirement(text: string): Matcher {
  const value = (object: KubeObject, key: string) => object.metadata.labels?.[key];
  const set = SET.exec(text);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((item) => item.trim());
    return (object) => values.includes(value(object, key) ?? '\0') === (operator === 'in');
  }
  const equality = EQUALITY.exec(text);
  if (equality) {
    const [, key = '', operator, wanted] = equality;
    return (object) => (value(object, key) === wanted) === (operator !== '!=');
  }
  const existence = EXISTENCE.exec(text);
  if (existence) {
    const [, not, key = ''] = existence;
    return (object) => (value(object, key) === undefined) === (not === '!');
  }
  throw badRequest(`unable to parse requirement: ${text}`);
}

export function labelMatcher(selector: string | null): Matcher {
  if (selector === null || selector.trim() === '') return everything;
  return and(requirements(selector).map(labelRequirement));
}

export function fieldMatcher(resource: Resource, selector: string | null): Matcher {
  if (selector === null || selector === '') return everything;
  const fields: Resource['fields'] = {
    'metadata.name': (object) => object.metadata.name,
    'metadata.namespace': (object) => object.metadata.namespace ?? '',
    ...resource.fields,
  };
  return and(
    requirements(selector).map((text) => {
      const [, name = '', operator, wanted] = /^([\w.]+)(==|!=|=)(.*)$/.exec(text) ?? [];
      if (operator === undefined) throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
      const read = fields[name];
      if (read === undefined) {
        const list = Object.keys(fields).map((field) => `"${field}"`);
        throw badRequest(`"${name}" is not a known field selector: only ${list.join(', ')}`);
      }
      return (object: KubeObject) => (read(object) === wanted) === (operator !== '!=');
    }),
  );
}

interface LabelSelector {
  matchLabels?: Record<string, string>;
}

/** A workload's `spec.selector` as the text that a list takes. */
export const selectorText = (selector: LabelSelector | undefined): string =>
  Object.entries(selector?.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

export const selects = (selector: LabelSelector | undefined, labels: Record<string, string> | undefined): boolean =>
  Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels?.[key] === value);

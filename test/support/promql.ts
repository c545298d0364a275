import { parser } from '@prometheus-io/lezer-promql';

/** One selector of an expression: `name{label="value"}`. */
export interface Selector {
  metric: string;
  matchers: { label: string; operator: string; value: string }[];
}

export interface Expression {
  selectors: Selector[];
  /** Named in `by`, `without`, `on`, `ignoring`. */
  grouping: string[];
}

/** Reads an expression as Prometheus' own editor does. Throws where it is broken, and says at which character. */
export function parsePromql(expression: string): Expression {
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  parser.parse(expression).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) throw new Error(`broken at ${from}: ${expression}`);
      const text = expression.slice(from, to);
      if (type.name === 'VectorSelector') selectors.push({ metric: '', matchers: [] });
      const selector = selectors.at(-1);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector' && selector) selector.metric = text;
      if (type.name === 'LabelName' && node.parent?.name === 'GroupingLabels') grouping.push(text);
      if (type.name === 'UnquotedLabelMatcher') selector?.matchers.push(matcherIn(text));
    },
  });
  return { selectors, grouping };
}

function matcherIn(text: string): Selector['matchers'][number] {
  const [, label, operator, value] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(text) ?? [];
  if (label === undefined || operator === undefined || value === undefined) throw new Error(`not a matcher: ${text}`);
  return { label, operator, value };
}

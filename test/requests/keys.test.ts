import { expect, it } from 'vitest';
import { QUEUE } from '../../jobs/queues.ts';
import { createKeys } from '../../src/requests/keys.ts';

it('gives nothing of ours a name among those of a queue, whatever the ids and clusters are', () => {
  const queues = Object.values(QUEUE).map((name) => (typeof name === 'string' ? name : name('prod')));
  const names = Object.values(createKeys('{p}')).map((key) => (typeof key === 'string' ? key : key('1', '2', '3')));
  const taken = names.map((name) => name.split(':')[1] ?? '').filter((first) => queues.includes(first));
  expect(taken).toEqual([]);
});

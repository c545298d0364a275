import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonList } from '../../src/kubernetes/json-list.ts';

async function* inChunks(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size = 7): Promise<{ items: unknown[]; list: unknown }> {
  const items: unknown[] = [];
  const list = await readJsonList(inChunks(text, size), (item) => items.push(item));
  return { items, list };
}

describe('a list', () => {
  it('gives its items one by one, and itself without them', async () => {
    const list = { kind: 'PodList', metadata: { resourceVersion: '7', continue: 'x' } };
    const items = [{ metadata: { name: 'a' } }, { metadata: { name: 'b' }, spec: { items: [{}, [1]] } }];
    expect(await read(JSON.stringify({ ...list, items }))).toEqual({ items, list: { ...list, items: [] } });
    expect(await read(JSON.stringify({ items, ...list }))).toEqual({ items, list: { ...list, items: [] } });
  });

  it.each(['{"items":null,"metadata":{}}', '{"metadata":{}}', '{"items":[]}', '{ "items" : [ ] }'])(
    'may be empty: %s',
    async (text) => expect(await read(text)).toEqual({ items: [], list: JSON.parse(text) }),
  );

  it('is not confused by what strings contain', async () => {
    const items = [{ text: '"items":[{}]}\\' }, { text: '\\"' }, { '{"': '}]' }];
    const list = { note: '"items":[{"no":1}]', other: [{ items: 1 }] };
    expect(await read(JSON.stringify({ ...list, items }, null, 2), 3)).toEqual({ items, list: { ...list, items: [] } });
  });

  it.each(['', '<html>', '{"items":[{"a":1}', '{"items":[{"a":}]}', '{"items":[]'])(
    'is refused where it is none: %s',
    (text) => expect(read(text)).rejects.toThrow(SyntaxError),
  );

  it('reads whatever is valid, however it is cut', async () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    const list = fc.record({ metadata: object, items: fc.array(object, { maxLength: 5 }) });
    await fc.assert(
      fc.asyncProperty(
        list,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 2 }),
        async (value, size, indent) => {
          const { items, list } = await read(JSON.stringify(value, null, indent), size);
          expect(items).toEqual(JSON.parse(JSON.stringify(value.items)));
          expect(list).toEqual(JSON.parse(JSON.stringify({ ...value, items: [] })));
        },
      ),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { type JsonPatchOperation, jsonPatch, mergePatch } from '../../support/cluster/api/patches.ts';

describe('merge patch (the examples of RFC 7386)', () => {
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });
});

describe('JSON Patch', () => {
  const patched = (target: object, ...operations: JsonPatchOperation[]) => jsonPatch(target, operations);

  it.each<[string, object, JsonPatchOperation, object]>([
    ['adds to a map', { a: 1 }, { op: 'add', path: '/b', value: 2 }, { a: 1, b: 2 }],
    ['inserts into a list', { a: [1, 3] }, { op: 'add', path: '/a/1', value: 2 }, { a: [1, 2, 3] }],
    ['appends', { a: [1] }, { op: 'add', path: '/a/-', value: 2 }, { a: [1, 2] }],
    ['removes', { a: 1, b: 2 }, { op: 'remove', path: '/a' }, { b: 2 }],
    ['removes from a list', { a: [1, 2] }, { op: 'remove', path: '/a/0' }, { a: [2] }],
    ['moves', { a: { b: 1 } }, { op: 'move', from: '/a/b', path: '/c' }, { a: {}, c: 1 }],
    ['copies', { a: { b: 1 } }, { op: 'copy', from: '/a', path: '/c' }, { a: { b: 1 }, c: { b: 1 } }],
    ['unescapes', { 'a/b': 1 }, { op: 'replace', path: '/a~1b', value: 2 }, { 'a/b': 2 }],
  ])('%s', (_, target, operation, result) => {
    const before = structuredClone(target);
    expect(patched(target, operation)).toEqual(result);
    expect(target).toEqual(before);
  });

  it.each<JsonPatchOperation>([
    { op: 'test', path: '/a', value: 2 },
    { op: 'test', path: '/b/c', value: 2 },
    { op: 'replace', path: '/b', value: 2 },
    { op: 'remove', path: '/b' },
    { op: 'add', path: '/list/5', value: 2 },
  ])('refuses %j', (operation) => {
    expect(() => patched({ a: 1, list: [] }, operation)).toThrow('the server rejected our request');
  });
});

import { type Recorder, versionsOf } from '../record.ts';
import type { Scheduler } from '../scheduler.ts';
import { badRequest, methodNotAllowed, noSuchPath, StatusError } from '../status-error.ts';
import type { Store } from '../store.ts';
import type { Json, KubeObject } from '../types.ts';
import { type Body, parseObject, parseOptions } from './body.ts';
import type { Objects } from './objects.ts';
import { applyPatch } from './patch.ts';
import type { ResourceRequest, Verb } from './request-info.ts';
import { applyScale, scaleOf } from './scale.ts';
import { objectText } from './serialize.ts';

export interface Answer {
  status: number;
  /** JSON. */
  text: string;
}

export interface WriteContext {
  store: Store;
  objects: Objects;
  scheduler: Scheduler;
  record: Recorder;
}

interface Outcome {
  before: KubeObject | undefined;
  after: KubeObject | undefined;
  answer: Answer;
}

export const isWrite = (verb: Verb): verb is 'create' | 'update' | 'patch' | 'delete' =>
  !['get', 'list', 'watch'].includes(verb);

function create({ store, objects }: WriteContext, request: ResourceRequest, body: Body): Outcome {
  const { resource, namespace, name, subresource } = request;
  if (resource.plural === 'pods' && name !== undefined && subresource === 'binding') {
    const before = objects.mustGet(resource, namespace, name);
    const { target } = parseObject(body, 'Binding');
    const after = store.put('pods', { ...before, spec: { ...before.spec, nodeName: target.name } });
    return {
      before,
      after,
      answer: { status: 201, text: '{"kind":"Status","apiVersion":"v1","status":"Success","code":201}' },
    };
  }
  if (name !== undefined) throw methodNotAllowed();
  const manifest = parseObject(body, resource.kind);
  const given = manifest.metadata.namespace;
  if (given !== undefined && given !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const after = objects.create(resource, namespace, manifest);
  return { before: undefined, after, answer: { status: 201, text: objectText(after) } };
}

/** Update and patch, of the object or of one of its subresources. */
function change(context: WriteContext, request: ResourceRequest, before: KubeObject, body: Body): Outcome {
  const { objects } = context;
  const { resource, subresource, verb } = request;
  const asked = (target: Json, kind: string) => (verb === 'patch' ? applyPatch(target, body) : parseObject(body, kind));
  const done = (after: KubeObject, text = objectText(after)) => ({ before, after, answer: { status: 200, text } });
  switch (subresource) {
    case undefined:
      return done(objects.update(resource, before, asked(before, resource.kind)));
    case 'status':
      if (!resource.status) throw noSuchPath();
      return done(objects.updateStatus(resource, before, asked(before, resource.kind)));
    case 'scale': {
      if (!resource.scale) throw noSuchPath();
      const wanted = applyScale(resource, before, asked(scaleOf(before), 'Scale'));
      const after = objects.update(resource, before, wanted);
      return done(after, JSON.stringify(scaleOf(after)));
    }
    default:
      throw noSuchPath();
  }
}

function remove({ objects, store }: WriteContext, request: ResourceRequest, before: KubeObject, body: Body): Outcome {
  const { resource, namespace } = request;
  const { name, uid } = before.metadata;
  const last = objects.remove(resource, before, parseOptions(body));
  const after = store.get(resource.plural, namespace, name);
  const details = { name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural, uid };
  const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
  const shown = resource.plural === 'pods' || resource.plural === 'namespaces';
  return { before, after, answer: { status: 200, text: shown ? objectText(last) : JSON.stringify(success) } };
}

function perform(context: WriteContext, request: ResourceRequest, before: KubeObject | undefined, body: Body): Outcome {
  const { resource, namespace, name, verb } = request;
  if (verb === 'create') return create(context, request, body);
  const found = before ?? context.objects.mustGet(resource, namespace, name ?? '');
  return verb === 'delete' ? remove(context, request, found, body) : change(context, request, found, body);
}

/** Serves a write and puts it on record, refused ones too. */
export function serveWrite(
  context: WriteContext,
  request: ResourceRequest,
  body: Body,
  by: { user: string; path: string },
): Answer {
  const { resource, namespace, name, subresource, verb } = request;
  const before = name === undefined ? undefined : context.store.get(resource.plural, namespace, name);
  const note = (status: number, outcome?: Outcome) => {
    if (!isWrite(verb)) return;
    context.record.add({
      time: context.scheduler.now(),
      ...by,
      verb,
      resource: subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`,
      namespace,
      name: name ?? outcome?.after?.metadata.name,
      contentType: body.contentType,
      body: tryParse(body.text),
      status,
      ...versionsOf(before, outcome ? outcome.after : before),
    });
  };
  try {
    const outcome = perform(context, request, before, body);
    note(outcome.answer.status, outcome);
    return outcome.answer;
  } catch (error) {
    if (error instanceof StatusError) note(error.body.code);
    throw error;
  }
}

function tryParse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

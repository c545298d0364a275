import type {
  AllMiddlewareArgs,
  BlockAction,
  ButtonAction,
  SlackActionMiddlewareArgs,
  StaticSelectAction,
} from '@slack/bolt';
import { decodeIncident, decodeSilence, decodeSilenced } from '../../views/ids.ts';
import { SILENCES } from '../../views/incident-buttons.ts';
import { InputError } from '../errors.ts';
import type { Incident } from '../incidents/incident.ts';
import type { ClusterSnapshot, PodSummary } from '../kubernetes/snapshot-reader.ts';
import type { Chosen } from './find-chosen.ts';
import type { FrontDesk } from './front-desk.ts';
import { publishHome } from './home.ts';
import { openModal, pictureOf } from './modal.ts';
import { placeOf } from './place.ts';
import { refusal } from './refusal.ts';
import { actionOf } from './shortcuts.ts';
import { tell } from './tell.ts';

type ButtonClick = SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs;
type Selection = SlackActionMiddlewareArgs<BlockAction<StaticSelectAction>> & AllMiddlewareArgs;
type Body = BlockAction;

/** A button that acts on what is in trouble: the modal, filled in; the request goes to the incident's thread. */
export function onIncidentAct(front: FrontDesk) {
  return async ({ body, action: button, ack }: ButtonClick): Promise<void> => {
    const action = actionOf(front, 'incidentAct', button.action_id);
    const [incident, snapshot] = await Promise.all([front.incidents.get(idIn(button.value)), pictureOf(front)]);
    // The same name in another cluster is another workload.
    if (incident.cluster !== front.cluster) {
      throw new InputError(
        `This is about the cluster ${incident.cluster}, and only ${front.cluster} can be changed here.`,
      );
    }
    await openModal(front, {
      triggerId: body.trigger_id,
      user: body.user.id,
      action,
      ...threadOf(body),
      chosen: chosenFor(incident, snapshot),
    });
    await ack();
  };
}

/** “I’m on it.” */
export function onAcknowledge(front: FrontDesk) {
  return async ({ body, action, ack }: ButtonClick): Promise<void> => {
    const user = body.user.id;
    const { refused } = await front.incidents.acknowledge({ id: idIn(action.value), user });
    await ack();
    await tellRefusal(front, body, refused);
  };
}

export function onSilence(front: FrontDesk) {
  return async ({ body, action, ack }: Selection): Promise<void> => {
    const user = body.user.id;
    const key = decodeSilence(action.selected_option?.value);
    if (!key || !SILENCES.some(({ ms }) => ms === key.ms)) throw tooOld();
    const { refused } = await front.incidents.silence({ ...key, user });
    await ack();
    await tellRefusal(front, body, refused);
  };
}

/** The button beside a silence on Home. */
export function onEndSilence(front: FrontDesk) {
  return async ({ body, action, ack }: ButtonClick): Promise<void> => {
    const user = body.user.id;
    const key = decodeSilenced(action.value);
    if (!key) throw tooOld();
    const { cluster, ...owner } = key;
    const { refused } = await front.incidents.endSilence({ cluster, owner, user });
    await ack();
    await tellRefusal(front, body, refused);
    // Who pressed it sees at once that it is gone.
    await publishHome(front, user);
  };
}

function idIn(value: unknown): string {
  const id = decodeIncident(value);
  if (!id) throw tooOld();
  return id;
}

function tooOld(): InputError {
  return new InputError('This button is too old.', { advice: 'Look at the incident’s newest message.' });
}

async function tellRefusal(front: FrontDesk, body: Body, refused: string | undefined): Promise<void> {
  const place = placeOf(body);
  if (refused !== undefined && place) await tell(front.slack, place, refusal(refused));
}

/** Where the request belongs that a click on an incident's message leads to. */
function threadOf({ channel, container, message }: Body): { channel?: string; thread?: string } {
  const id = channel?.id ?? text(container.channel_id);
  const thread = text(message?.thread_ts) ?? text(message?.ts) ?? text(container.message_ts);
  return id !== undefined && thread !== undefined ? { channel: id, thread } : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** By name: findings know no UIDs, and a successor of the same name is in the same trouble. */
function chosenFor({ owner, findings }: Incident, snapshot: ClusterSnapshot | undefined): Partial<Chosen> {
  const { kind, namespace, name } = owner;
  const isOwner = (one: { namespace: string; name: string }) => one.namespace === namespace && one.name === name;
  const workload = find(snapshot?.workloads, (one) => one.kind === kind && isOwner(one));
  const names = kind === 'Pod' ? [name] : findings.flatMap(({ pods }) => pods.map((pod) => pod.name));
  return { namespace: namespace || undefined, workload, pod: firstNamed(names, namespace, snapshot) };
}

function firstNamed(names: readonly string[], namespace: string, snapshot: ClusterSnapshot | undefined) {
  const found = new Map<string, PodSummary>();
  for (const pod of snapshot?.pods.values() ?? []) {
    if (pod.namespace === namespace && names.includes(pod.name)) found.set(pod.name, pod);
  }
  return names.map((name) => found.get(name)).find((pod) => pod !== undefined);
}

function find<T>(items: ReadonlyMap<string, T> | undefined, fits: (item: T) => boolean): T | undefined {
  for (const item of items?.values() ?? []) if (fits(item)) return item;
  return undefined;
}

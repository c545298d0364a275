/** What a pod's status word means to a person who looks for trouble, the worst first. */
export const STATUS_CLASSES = [
  'crashing',
  'image',
  'config',
  'failed',
  'lost',
  'waiting',
  'other',
  'running',
  'done',
] as const;
export type StatusClass = (typeof STATUS_CLASSES)[number];

const CLASS_OF: Readonly<Record<string, StatusClass>> = {
  CrashLoopBackOff: 'crashing',
  RunContainerError: 'crashing',
  StartError: 'crashing',
  PostStartHookError: 'crashing',
  ErrImagePull: 'image',
  ImagePullBackOff: 'image',
  InvalidImageName: 'image',
  ErrImageNeverPull: 'image',
  ImageInspectError: 'image',
  RegistryUnavailable: 'image',
  CreateContainerConfigError: 'config',
  CreateContainerError: 'config',
  Error: 'failed',
  OOMKilled: 'failed',
  ContainerCannotRun: 'failed',
  DeadlineExceeded: 'failed',
  Failed: 'failed',
  ContainerStatusUnknown: 'lost',
  Unknown: 'lost',
  NodeLost: 'lost',
  Pending: 'waiting',
  ContainerCreating: 'waiting',
  PodInitializing: 'waiting',
  SchedulingGated: 'waiting',
  Running: 'running',
  Completed: 'done',
  Succeeded: 'done',
};

/** `status` is the word of `kubectl get pods`, with or without `Init:`. Terminating and words unknown here: `other`. */
export function classOf(status: string): StatusClass {
  const word = status.startsWith('Init:') ? status.slice(5) : status;
  if (Object.hasOwn(CLASS_OF, word)) return CLASS_OF[word] as StatusClass;
  if (/^(Signal|ExitCode):/.test(word)) return 'failed';
  return /^\d+\/\d+$/.test(word) ? 'waiting' : 'other';
}

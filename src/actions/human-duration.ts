const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Below `until`, an age is told in `unit`, with the rest in the smaller unit where there is one. All in ms. */
const SCALE: readonly { until: number; unit: [number, string]; rest?: [number, string] }[] = [
  { until: 2 * MINUTE, unit: [SECOND, 's'] },
  { until: 10 * MINUTE, unit: [MINUTE, 'm'], rest: [SECOND, 's'] },
  { until: 3 * HOUR, unit: [MINUTE, 'm'] },
  { until: 8 * HOUR, unit: [HOUR, 'h'], rest: [MINUTE, 'm'] },
  { until: 2 * DAY, unit: [HOUR, 'h'] },
  { until: 8 * DAY, unit: [DAY, 'd'], rest: [HOUR, 'h'] },
  { until: 2 * YEAR, unit: [DAY, 'd'] },
  { until: 8 * YEAR, unit: [YEAR, 'y'], rest: [DAY, 'd'] },
  { until: Number.POSITIVE_INFINITY, unit: [YEAR, 'y'] },
];

/** An age in ms as kubectl prints it: `45s`, `3m20s`, `90m`, `5h12m`, `30h`, `3d4h`, `90d`. */
export function humanDuration(ms: number): string {
  const age = Math.max(0, ms);
  const step = SCALE.find((one) => age < one.until);
  if (step === undefined) return '<unknown>';
  const [size, letter] = step.unit;
  const whole = `${Math.floor(age / size)}${letter}`;
  if (step.rest === undefined) return whole;
  const rest = Math.floor((age % size) / step.rest[0]);
  return rest === 0 ? whole : `${whole}${rest}${step.rest[1]}`;
}

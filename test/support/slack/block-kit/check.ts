/**
 * A small schema language in Slack's own words: what it finds is worded as Slack words it, with a JSON pointer.
 * A *check* looks at one value; a *shape* names the properties of an object, and any other property is refused.
 */
export type Report = (message: string, pointer: string) => void;
export type Check = (value: unknown, pointer: string, report: Report) => void;
export interface Shape {
  required?: Record<string, Check>;
  optional?: Record<string, Check>;
  /** Called with an object whose properties have been looked at. */
  also?: Check;
}

export type Fields = Record<string, unknown>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isGiven = (value: unknown) => value !== undefined && value !== null;

export function object(shape: Shape): Check {
  const required = Object.keys(shape.required ?? {});
  const known = new Map([...Object.entries(shape.required ?? {}), ...Object.entries(shape.optional ?? {})]);
  return (value, pointer, report) => {
    if (!isObject(value)) return report('must provide an object', pointer);
    for (const name of required.filter((each) => !isGiven(value[each]))) {
      report(`missing required field: ${name}`, pointer);
    }
    for (const [name, property] of Object.entries(value).filter(([, each]) => isGiven(each))) {
      const check = known.get(name) ?? (() => report(`invalid additional property: ${name}`, pointer));
      check(property, `${pointer}/${name}`, report);
    }
    shape.also?.(value, pointer, report);
  };
}

/** Objects that say by their `type` which shape they have. */
export function oneOfTypes(shapes: Record<string, Shape>): Check {
  const checks = new Map(
    Object.entries(shapes).map(([type, shape]) => [
      type,
      object({ ...shape, required: { type: anything, ...shape.required } }),
    ]),
  );
  return (value, pointer, report) => {
    if (!isObject(value)) return report('must provide an object', pointer);
    if (value.type === undefined) return report('missing required field: type', pointer);
    const check = checks.get(String(value.type));
    if (check === undefined) report(`unsupported type: ${String(value.type)}`, `${pointer}/type`);
    else check(value, pointer, report);
  };
}

export const anything: Check = () => {};

export function string(limits: { min?: number; max?: number } = {}): Check {
  return (value, pointer, report) => {
    if (typeof value !== 'string') return report('must provide a string', pointer);
    if (value.length < (limits.min ?? 1)) report(`must be more than ${(limits.min ?? 1) - 1} characters`, pointer);
    if (limits.max !== undefined && value.length > limits.max) {
      report(`must be less than ${limits.max + 1} characters`, pointer);
    }
  };
}

/** A string that may be empty. */
export const anyString = (max?: number): Check => string(max === undefined ? { min: 0 } : { min: 0, max });

export const boolean: Check = (value, pointer, report) => {
  if (typeof value !== 'boolean') report('must provide a boolean', pointer);
};

export function integer(min: number, max: number): Check {
  return (value, pointer, report) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return report('must be an integer', pointer);
    if (value < min || value > max) report(`must be between ${min} and ${max}`, pointer);
  };
}

export function oneOf(...values: string[]): Check {
  return (value, pointer, report) => {
    if (!values.includes(String(value))) report('must be a valid enum value', pointer);
  };
}

export function matching(pattern: RegExp, what: string): Check {
  return (value, pointer, report) => {
    if (typeof value !== 'string' || !pattern.test(value)) report(`must be a valid ${what}`, pointer);
  };
}

export function array(item: Check, limits: { min?: number; max?: number } = {}): Check {
  return (value, pointer, report) => {
    if (!Array.isArray(value)) return report('must provide an array', pointer);
    const min = limits.min ?? 1;
    if (value.length < min) report(`no fewer than ${min} items allowed`, pointer);
    if (limits.max !== undefined && value.length > limits.max) {
      report(`no more than ${limits.max} items allowed`, pointer);
    }
    value.forEach((entry, index) => {
      item(entry, `${pointer}/${index}`, report);
    });
  };
}

export function url(max: number): Check {
  const length = string({ max });
  return (value, pointer, report) => {
    length(value, pointer, report);
    if (typeof value === 'string' && value !== '' && !URL.canParse(value)) report('must be a valid url', pointer);
  };
}

import { DockerfileParser, type From, type JSONInstruction, type Label } from 'dockerfile-ast';

/** One stage of a Dockerfile: what it starts from and what is done in it, in order. */
export interface Stage {
  image: string;
  name: string | undefined;
  steps: Step[];
}

export interface Step {
  instruction: string;
  /** Without its flags; of LABEL and ARG `name=value`, without quotes. */
  args: string[];
  flags: Record<string, string>;
}

export function parseDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword();
    if (keyword === 'FROM') {
      const from = instruction as From;
      stages.push({ image: from.getImage() ?? '', name: from.getBuildStage() ?? undefined, steps: [] });
      continue;
    }
    stages.at(-1)?.steps.push({ instruction: keyword, args: argumentsOf(instruction), flags: flagsOf(instruction) });
  }
  return stages;
}

type Instruction = ReturnType<ReturnType<typeof DockerfileParser.parse>['getInstructions']>[number];

function argumentsOf(instruction: Instruction): string[] {
  if (instruction.getKeyword() === 'LABEL') {
    return (instruction as Label).getProperties().map((label) => `${label.getName()}=${label.getValue()}`);
  }
  const strings = 'getJSONStrings' in instruction ? (instruction as JSONInstruction).getJSONStrings() : [];
  if (strings.length > 0) return strings.map((string) => string.getJSONValue());
  return instruction.getArguments().map((argument) => argument.getValue());
}

function flagsOf(instruction: Instruction): Record<string, string> {
  const flags = 'getFlags' in instruction ? (instruction as JSONInstruction).getFlags() : [];
  return Object.fromEntries(flags.map((flag) => [flag.getName(), flag.getValue() ?? '']));
}

/** Whether a .dockerignore leaves a path out of the build context. Knows names and `*`, and `!` for what is in after all. */
export function isIgnored(patterns: readonly string[], path: string): boolean {
  const under = (pattern: string) => pattern === '*' || path === pattern || path.startsWith(`${pattern}/`);
  const last = patterns.findLast((pattern) => under(pattern.replace(/^!/, '')));
  return last !== undefined && !last.startsWith('!');
}

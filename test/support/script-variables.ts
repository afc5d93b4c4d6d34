import type { Container } from './manifests';
import { textOf } from './shell';

export interface ScriptVariables {
  /** Read without a default, so they must be set. */
  readonly needed: ReadonlySet<string>;
  /** Named at all. */
  readonly named: ReadonlySet<string>;
}

const known = new Map<string, ScriptVariables>();

/** The variables of a script and of those that it reads: names in capitals that none of them sets itself. */
export function variablesOf(file: string): ScriptVariables {
  const before = known.get(file);
  if (before !== undefined) return before;
  const code = textOf(file).replaceAll(/^\s*#.*$/gm, '');
  const reads = [...code.matchAll(/\$(?:\{([A-Z][A-Z0-9_]*)(:?[-+])?|([A-Z][A-Z0-9_]*))/g)];
  const withDefault = new Set(reads.flatMap(([, name, byDefault]) => (byDefault === undefined ? [] : [name])));
  const needed = reads
    .map(([, braced, , plain]) => braced ?? plain ?? '')
    .filter((name) => !withDefault.has(name) && !isSet(name, code));
  const result = {
    needed: new Set(needed),
    named: new Set([...code.matchAll(/\b[A-Z][A-Z0-9_]*\b/g)].map(([name]) => name)),
  };
  known.set(file, result);
  return result;
}

/** Set anew, and not from its own value: `NODES=$(hosts $NODES)` needs one. */
function isSet(name: string, code: string): boolean {
  const values = [...code.matchAll(new RegExp(`(?:^|[\\s;{(&|])${name}=(.*)$`, 'gm'))];
  return values.some(([, value = '']) => !new RegExp(`\\$\\{?${name}\\b`).test(value));
}

/** The scripts that run in a container: its own, those of its probes, and the hook. */
export function scriptsOf({ command, startupProbe, livenessProbe, readinessProbe, lifecycle }: Container): string[] {
  const probes = [startupProbe, livenessProbe, readinessProbe, lifecycle?.preStop].map((probe) =>
    probe !== undefined && 'exec' in probe ? probe.exec.command : undefined,
  );
  const scripts = [command, ...probes].flatMap((words = []) =>
    words[0] === 'sh' ? [(words[1] ?? '').replace(/^\/scripts\//, '')] : [],
  );
  return [...new Set(scripts)];
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020';

/** The API that cdk8s-plus-27 writes, and the newest one there are schemas for. */
export const schemaVersions: string[] = ['1.27', '1.37'];

const validators = new Map<string, Ajv2020>();

/** One message for each thing that the strict schema of the object's kind rejects; none if it is valid. */
export function schemaErrors(version: string, object: unknown): string[] {
  const apiVersion = text(object, 'apiVersion');
  const kind = text(object, 'kind');
  const label = `${kind ?? 'object'} ${text(member(object, 'metadata'), 'name') ?? '(no name)'}`;
  if (apiVersion === undefined || kind === undefined) {
    return [`${label}: apiVersion and kind must be strings`];
  }
  const definition = encodeURIComponent(escapePointer(`${apiVersion}/${kind}`));
  const validate = validator(version).getSchema(`k8s#/$defs/${definition}`);
  if (validate === undefined) {
    return [`${label}: no schema for kind ${kind} of ${apiVersion} in Kubernetes ${version}`];
  }
  void validate(object);
  return (validate.errors ?? []).map((error) => `${label}: ${describeError(error)}`);
}

function validator(version: string): Ajv2020 {
  const known = validators.get(version);
  if (known !== undefined) {
    return known;
  }
  const definitions = [`v${version}`, 'prometheus-operator', 'cert-manager'].map((name) => definitionsIn(name));
  // `strict: false` alone would also let NaN and Infinity pass as numbers.
  const options = { allErrors: true, strict: false, strictNumbers: true, validateFormats: false };
  // Few objects are looked at: to compile the schemas takes longer than to use them.
  const ajv = new Ajv2020({ ...options, code: { optimize: false } });
  ajv.addSchema({ $defs: Object.assign({}, ...definitions) as object }, 'k8s');
  validators.set(version, ajv);
  return ajv;
}

function definitionsIn(name: string): object {
  const schema: unknown = JSON.parse(readFileSync(join(__dirname, 'schemas', `${name}.json`), 'utf8'));
  return Object(member(schema, '$defs')) as object;
}

function describeError({ instancePath, keyword, message, params }: ErrorObject): string {
  const at = instancePath === '' ? '' : `${instancePath} `;
  if (keyword === 'additionalProperties') {
    return `${instancePath}/${escapePointer(String(params['additionalProperty']))} is not a known field`;
  }
  if (keyword === 'type') {
    // The API takes null for a field left out; as advice it would only distract.
    const types = [params['type']].flat().filter((type) => type !== 'null');
    return `${at}must be ${types.join(' or ')}`;
  }
  return `${at}${message ?? keyword}`;
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function text(value: unknown, key: string): string | undefined {
  const found = member(value, key);
  return typeof found === 'string' ? found : undefined;
}

# Writes the strict schemas of the kinds below and of what they refer to, without descriptions and x-kubernetes-*.
# Source: the schemas in the PyPI package kubernetes-validate 1.37.0, made from the OpenAPI definitions of Kubernetes.
# Licence of the package, of Kubernetes, and so of the files written: Apache-2.0.
# Fetch: pip download --no-deps kubernetes-validate==1.37.0 && python3 -m zipfile -e kubernetes_validate-*.whl package
# Run again, once a version: python3 prune.py package/kubernetes_validate 1.27 > v1.27.json
import json
import pathlib
import sys

KINDS = [
    'apps/v1/Deployment',
    'batch/v1/CronJob',
    'batch/v1/Job',
    'networking.k8s.io/v1/NetworkPolicy',
    'policy/v1/PodDisruptionBudget',
    'v1/ConfigMap',
    'v1/Namespace',
    'v1/PersistentVolumeClaim',
    'v1/Pod',
    'v1/Secret',
    'v1/Service',
    'v1/ServiceAccount',
]


def file_name(kind):
    *group, version, name = kind.split('/')
    return '-'.join([name.lower(), *(part.split('.')[0] for part in group), version]) + '.json'


def prune(schema, found):
    kept = {}
    for key, value in schema.items():
        if key in ('description', '$id', '$schema') or key.startswith('x-kubernetes-'):
            continue
        if key == '$ref':
            name = value.rpartition('/')[2]
            found.append(name)
            kept[key] = '#/$defs/' + name
        elif key == 'properties':
            # Property names are no keywords: one may itself be called "description" or "$ref".
            kept[key] = {name: prune(child, found) for name, child in value.items()}
        elif key == 'oneOf' and all(set(branch) == {'type'} for branch in value):
            # As one list of types a wrong value is one error, and null no longer matches two branches at once.
            types = [[branch['type']] if isinstance(branch['type'], str) else branch['type'] for branch in value]
            kept['type'] = sorted(set(sum(types, [])))
        elif isinstance(value, dict):
            kept[key] = prune(value, found)
        else:
            kept[key] = value
    return kept


def main(package, minor):
    folder = pathlib.Path(package, 'kubernetes-json-schema', f'v{minor}.0-local-strict')
    definitions = json.loads((folder / '_definitions.json').read_text())['$defs']
    found = []
    pruned = {kind: prune(json.loads((folder / file_name(kind)).read_text()), found) for kind in KINDS}
    while found:
        name = found.pop()
        if name not in pruned:
            pruned[name] = prune(definitions[name], found)
    # A line for each definition, so that a new version can be read as a diff.
    lines = []
    for name, schema in sorted(pruned.items()):
        lines.append(json.dumps(name) + ':' + json.dumps(schema, sort_keys=True, separators=(',', ':')))
    print('{"$defs":{\n' + ',\n'.join(lines) + '\n}}')


if len(sys.argv) != 3:
    sys.exit('usage: prune.py <package folder> <minor, such as 1.27> > v<minor>.json')
main(sys.argv[1], sys.argv[2])

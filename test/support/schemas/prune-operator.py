# Writes the strict schemas of the kinds below, without descriptions and x-kubernetes-*, in the form of v*.json.
# Source: example/prometheus-operator-crd of github.com/prometheus-operator/prometheus-operator, v0.93.0. Licence: Apache-2.0.
# Run again, once a version: python3 prune-operator.py <folder> > prometheus-operator.json
import json
import pathlib
import sys

import yaml

KINDS = ['podmonitors', 'prometheusrules', 'servicemonitors']
META = {'name': 'string', 'labels': 'object', 'annotations': 'object', 'namespace': 'string'}


def prune(schema):
    kept = {}
    for key, value in schema.items():
        if key == 'x-kubernetes-int-or-string':
            kept['type'] = ['integer', 'string']
        elif key in ('description', 'default', 'format') or key.startswith('x-kubernetes-'):
            continue
        elif key == 'pattern' and '(?i)' in value:
            continue  # only Go knows it
        elif key == 'properties':
            kept[key] = {name: prune(child) for name, child in value.items()}
            kept['additionalProperties'] = False
        elif isinstance(value, dict):
            kept[key] = prune(value)
        else:
            kept[key] = value
    return kept


lines = []
for plural in KINDS:
    crd = yaml.safe_load(pathlib.Path(sys.argv[1], f'monitoring.coreos.com_{plural}.yaml').read_text())['spec']
    version = next(each for each in crd['versions'] if each['storage'])
    pruned = prune(version['schema']['openAPIV3Schema'])
    pruned['properties']['metadata'] = {
        'type': 'object',
        'properties': {name: {'type': kind} for name, kind in META.items()},
        'additionalProperties': False,
    }
    name = '/'.join([crd['group'], version['name'], crd['names']['kind']])
    lines.append(json.dumps(name) + ':' + json.dumps(pruned, sort_keys=True, separators=(',', ':')))
print('{"$defs":{\n' + ',\n'.join(lines) + '\n}}')

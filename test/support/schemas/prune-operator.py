# Writes the strict schemas of the kinds below, without descriptions and x-kubernetes-*, in the form of v*.json.
# Source: example/prometheus-operator-crd of github.com/prometheus-operator/prometheus-operator, v0.93.0. Licence: Apache-2.0.
# Run again, once a version: python3 prune-operator.py <folder> > prometheus-operator.json
# And of cert-manager: deploy/crds of github.com/cert-manager/cert-manager, of 2026-08-22 (v1.21 and later). Licence: Apache-2.0.
#   python3 prune-operator.py <folder> cert-manager.io certificates > cert-manager.json
import json
import pathlib
import sys

import yaml

GROUP, *KINDS = sys.argv[2:] or ['monitoring.coreos.com', 'podmonitors', 'prometheusrules', 'servicemonitors']
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
    crd = yaml.safe_load(pathlib.Path(sys.argv[1], f'{GROUP}_{plural}.yaml').read_text())['spec']
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

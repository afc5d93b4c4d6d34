"""Prints what becomes of dicts in the props, as JSON: the manifests of a cluster, or the error."""

import json

from cdk8s import App, Chart, Yaml
from cdk8s_plus_27 import k8s
from cdk8s_redis_sentinel_cluster import Persistence, RedisSentinelCluster

VARIABLE = {"name": "A", "value_from": {"secret_key_ref": {"name": "s", "key": "k"}}}
REQUIRED = "required_during_scheduling_ignored_during_execution"
ZONES = [{"match_expressions": [{"key": "zone", "operator": "Exists"}]}]
MOUNT = {"name": "data", "mountPath": "/data", "read_only": True}

CASES = {
    "members": lambda: {"nodes": {"replica_overrides": {"replica1": {"scheduling": {"zone": "z1"}}}}},
    "a map": lambda: {"metadata": {"labels": {"team": "a"}}},
    "save points": lambda: {"persistence": Persistence.rdb(save_points=[{"seconds": 60, "changes": 5}])},
    "an unknown member": lambda: {"nodes": {"replica_overrides": {"1": {"host_network": True}}}},
    "a misspelt member": lambda: {"nodes": {"master": {"scheduling": {"zoone": "z1"}}}},
    "misspelt save points": lambda: {"persistence": Persistence.rdb(save_points=[{"second": 60, "changes": 5}])},
    "a client": lambda: {"network_policy": {"clients": [{"pod_labels": {"app": "shop"}}]}},
    "variables": lambda: {"nodes": {"pod": {"env": [{"name": "B", "value": "b"}, VARIABLE]}}},
    "a toleration": lambda: {
        "nodes": {"replica_overrides": {"replica2": {"scheduling": {"tolerations": [{"toleration_seconds": 5}]}}}}
    },
    "a mount": lambda: {
        "sentinels": {"pod": {"containers": [k8s.Container(name="x", image="x:1", volume_mounts=[MOUNT])]}}
    },
    "an affinity": lambda: {
        "nodes": {"scheduling": {"affinity": {"node_affinity": {REQUIRED: {"node_selector_terms": ZONES}}}}}
    },
}


def outcome(props) -> str:
    chart = Chart(App(), "shop", namespace="shop")
    try:
        RedisSentinelCluster(chart, "cache", **props())
        return Yaml.stringify(*chart.to_json())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print(json.dumps({name: outcome(props) for name, props in CASES.items()}))

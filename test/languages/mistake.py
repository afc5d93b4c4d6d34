from cdk8s import App, Chart
from cdk8s_redis_sentinel_cluster import (
    DeploymentOptions,
    MemberOptions,
    NodesOptions,
    RedisSentinelCluster,
    ReplicaOverrides,
)

deployment = DeploymentOptions(revision_history_limit=101)
RedisSentinelCluster(
    Chart(App(), "shop"),
    "cache",
    nodes=NodesOptions(
        replicas=10,
        replica_overrides=ReplicaOverrides(replica2=MemberOptions(deployment=deployment)),
    ),
)
